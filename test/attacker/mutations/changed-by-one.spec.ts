import { canonicalXml } from '../../../src/crypto/xml/canonical-xml.ts';
import { readXml } from '../../../src/crypto/xml/strict-xml.ts';
import type { Completion } from '../../../src/verification/expectation.ts';
import { policies } from '../../../src/verification/policy.ts';
import { makeReport } from '../../../src/verification/run/make-report.ts';
import { runChecks } from '../../../src/verification/run/run-checks.ts';
import { isVerified } from '../../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { makeVector, now, type Recipe } from '../../support/vectors/vector.ts';
import { without } from '../../support/attacks/lenient-checks.ts';

const { completion, expectation, trust } = makeVector();
const xml = Buffer.from(completion.signature, 'base64');
const ocsp = Buffer.from(completion.ocspResponse ?? '', 'base64');

const authorises = (changed: Partial<Completion>): boolean =>
  isVerified(verifyConsent({ ...completion, ...changed }, expectation, { trust, policy: policies.bankid, now }));

const flip = (bytes: Buffer, at: number, mask: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
};
/** One bit, another for its neighbour, and now and then a whole octet. */
const maskAt = (at: number): number => (at % 11 === 0 ? 0xff : 1 << (at % 8));

const accepted = (bytes: Buffer, step: number, passes: (changed: Buffer) => boolean): number[] => {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += step) if (passes(flip(bytes, at, maskAt(at)))) found.push(at);
  return found;
};

describe('a change of one bit or byte', () => {
  it('is refused at every third octet of the signed document', () => {
    expect(accepted(xml, 3, (changed) => authorises({ signature: changed.toString('base64') }))).toEqual([]);
  });

  it('is refused at every eleventh letter of its base64', () => {
    const text = Buffer.from(completion.signature);
    expect(accepted(text, 11, (changed) => authorises({ signature: changed.toString('latin1') }))).toEqual([]);
  });

  it('is refused at every octet of the OCSP response and of its responder', () => {
    expect(accepted(ocsp, 1, (changed) => authorises({ ocspResponse: changed.toString('base64') }))).toEqual([]);
  });

  it.each([0, 1, 2])('is refused in certificate %i, though the payer signs it so', (index) => {
    const passes = (recipe: Recipe): boolean => {
      const changed = makeVector(recipe);
      return isVerified(
        verifyConsent(changed.completion, changed.expectation, { trust, policy: policies.bankid, now }),
      );
    };
    const chainWith =
      (at: number): NonNullable<Recipe['chain']> =>
      ({ leaf, customerCa, bankCa }) =>
        [leaf, customerCa, bankCa].map((der, i) => (i === index && at < der.length ? flip(der, at, maskAt(at)) : der));
    expect(passes({})).toBe(true);
    const found: number[] = [];
    // From the header into the signature at the end, in which one octet is as good as another.
    for (let at = index; at < 700; at += 7) if (passes({ chain: chainWith(at) })) found.push(at);
    expect(found).toEqual([]);
  });

  it('changes nothing that was signed where only the nonce refuses it', () => {
    const checks = without('nonce');
    const purpose = { kind: 'consent', expectation } as const;
    const time = { now, vouchedAt: undefined };
    const canonical = canonicalXml(readXml(xml, 'declared'));
    for (let at = 0; at < xml.length; at += 3) {
      const space = Buffer.from(xml);
      space[at] = 0x0a;
      const signature = space.toString('base64');
      if (signature === completion.signature) continue;
      const run = runChecks(
        { completion: { ...completion, signature }, trust, policy: policies.bankid, time, purpose },
        checks,
      );
      if (makeReport(run).indication !== 'TOTAL-PASSED') continue;
      expect(canonicalXml(readXml(space, 'declared')).equals(canonical)).toBe(true);
    }
  });
});
