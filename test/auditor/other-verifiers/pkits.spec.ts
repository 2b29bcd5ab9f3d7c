import { attempt, Malformed } from '../../../src/crypto/malformed.ts';
import { parseCertificate, type Certificate } from '../../../src/crypto/x509/certificate.ts';
import { checkTimes } from '../../../src/verification/checks/check-times.ts';
import { buildPath } from '../../../src/verification/path/build-path.ts';
import { findPathFault } from '../../../src/verification/path/rfc5280.ts';
import { policies } from '../../../src/verification/policy.ts';
import type { Facts } from '../../../src/verification/facts/facts.ts';
import { acceptAnchors, parseTrustAnchor, type TrustAnchor } from '../../../src/verification/trust-anchors.ts';
import { englishChecks } from '../../../src/verification/messages.en.ts';
import { messageOf, render, type Reason } from '../../../src/verification/messages.ts';
import { toPem } from '../../support/vectors/test-pki.ts';
import { pathOutcome } from './support/our-verdicts.ts';
import { expressed, notExpressed, readPkitsRoot, readPkitsTests, type PkitsTest } from './support/pkits.ts';
import { describeWith } from './support/tools.ts';

/** PKITS's certificates are valid from 2010 to 2030. */
const at = new Date('2020-01-01T00:00:00Z');

describeWith('PKITS', "NIST's Public Key Interoperability Test Suite", () => {
  let root: TrustAnchor;
  let tests: readonly PkitsTest[];

  beforeAll(() => {
    root = parseTrustAnchor(toPem(readPkitsRoot()), 'accept-unpinned');
    tests = readPkitsTests();
  });

  /** The path check without what is BankID's own, then the validity periods. `undefined`: accepted. */
  function refusalOf({ certificates }: PkitsTest): string | undefined {
    const parsed = attempt(() => certificates.map(parseCertificate));
    if (parsed instanceof Malformed) return parsed.message;
    const [leaf, ...others] = parsed;
    const trust = acceptAnchors([root], ['unpinned']);
    const built = leaf && buildPath(leaf, others, trust);
    if (!built) return 'no path';
    const reason = findPathFault(built.chain, root, trust.cas) ?? findTimeFault(built.chain);
    return reason && render(englishChecks, messageOf(reason));
  }

  /** Each CA in its turn stands where the customer CA would; a responder that is sound says that the time is `at`. */
  function findTimeFault([leaf, ...cas]: readonly Certificate[]): Reason | undefined {
    const responder = root.certificate;
    const outcomes = [root.certificate, ...cas].map((customerCa) =>
      checkTimes({
        path: { leaf, customerCa, bankCa: root.certificate, root },
        ocsp: { responder, single: { thisUpdate: at, nextUpdate: undefined } },
        producedAt: at,
        policy: policies.bankid,
        time: { now: at, vouchedAt: undefined },
        purpose: { kind: 'signature', relyingParty: undefined },
      } as unknown as Facts),
    );
    return outcomes.find(({ status }) => status !== 'passed')?.reason;
  }

  it('is there in full', () => {
    expect(tests).toHaveLength(224);
    const names = tests.map(({ name }) => name);
    expect(Object.keys(expressed).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('accepts and refuses what our path can express as PKITS does, by the rule that is meant', () => {
    const wrong = tests.flatMap((test) => {
      const wanted = expressed[test.name];
      if (wanted === undefined) return [];
      const refusal = refusalOf(test);
      const isRight = wanted === 'accepted' ? refusal === undefined : refusal !== undefined && wanted.test(refusal);
      return isRight ? [] : [`${test.name}: ${refusal ?? 'accepted'}`];
    });
    expect(wrong).toEqual([]);
    // The table says what PKITS says: the verdict is in each test's name.
    for (const [name, wanted] of Object.entries(expressed)) {
      expect([name, name.startsWith('Valid')]).toEqual([name, wanted === 'accepted']);
    }
  });

  it('has a reason for each of the others', () => {
    const wrong = tests.flatMap((test) => {
      if (expressed[test.name] !== undefined) return [];
      const group = notExpressed.find(({ members }) => members.test(test.name));
      const refusal = refusalOf(test);
      const ours = refusal === undefined ? 'accepted' : 'refused';
      return group?.ours === ours ? [] : [`${test.name}: ${refusal ?? 'accepted'} (${group?.reason ?? 'no reason'})`];
    });
    expect(wrong).toEqual([]);
  });

  it('has no path that is one of BankID', () => {
    const passed = tests.filter(({ certificates }) => {
      return pathOutcome(certificates, acceptAnchors([root], ['unpinned'])).status === 'passed';
    });
    expect(passed.map(({ name }) => name)).toEqual([]);
  });
});
