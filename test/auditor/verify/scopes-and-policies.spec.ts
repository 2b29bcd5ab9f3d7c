import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { buildNonVisibleData } from '../../../src/payment/non-visible.ts';
import { policies } from '../../../src/verification/policy.ts';
import { findDecidingCheck, maskReport, type Report } from '../../../src/verification/report.ts';
import { acceptAnchors } from '../../../src/verification/trust-anchors.ts';
import { isVerified } from '../../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { extensions } from '../../support/vectors/der-writer.ts';
import {
  makeVector,
  now,
  producedAt,
  relyingPartyName,
  revoked,
  facts,
  type Recipe,
} from '../../support/vectors/vector.ts';
import {
  bareReportOf,
  consentFile,
  exportedReportOf,
  folder,
  refusalsOf,
  reportOf,
  textOf,
  verdictOf,
} from '../../support/vectors/verify.ts';

const rowOf = (report: ReturnType<typeof reportOf>, id: string) => report.checks.find((check) => check.id === id);
const later = new Date('2030-01-01T00:00:00Z');

describe('a bare signature', () => {
  it('is genuine, and nothing more: content, relying party and payer are skipped', () => {
    const report = bareReportOf(makeVector());
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      scope: 'signature',
      matches: 'not-compared',
      payer: 'not-compared',
    });
    for (const id of ['content', 'relying-party', 'payer']) expect(rowOf(report, id)?.status).toBe('skipped');
    expect(report.warnings).toEqual(['relying-party-unverified']);
  });

  it('may be an identification', () => {
    const pki = { leaf: { extensions: [extensions.policy('1.2.3.4.5'), extensions.digitalSignature] } };
    expect(verdictOf(bareReportOf(makeVector({ funcId: 'Identification', pki })))).toBe('TOTAL-PASSED');
  });

  it('is compared with a relying party where one is named', () => {
    expect(bareReportOf(makeVector(), { relyingParty: relyingPartyName }).warnings).toEqual([]);
    const report = bareReportOf(makeVector(), { relyingParty: 'cn=Other,c=SE' });
    expect(verdictOf(report)).toBe('INDETERMINATE/SIG_CONSTRAINTS_FAILURE');
    expect(report.matches).toBe('no');
  });

  it('is compared with each of the relying parties that are named', () => {
    const among = (...relyingParty: readonly string[]): Report => bareReportOf(makeVector(), { relyingParty });
    expect(verdictOf(among('cn=Other,c=SE', relyingPartyName))).toBe('TOTAL-PASSED');
    expect(verdictOf(among('cn=Other,c=SE', 'cn=Another,c=SE'))).toBe('INDETERMINATE/SIG_CONSTRAINTS_FAILURE');
    expect(verdictOf(among())).toBe('INDETERMINATE/SIG_CONSTRAINTS_FAILURE');
  });

  it('has no order by which a revocation could be early', () => {
    const vector = makeVector({ ocsp: { status: revoked(new Date('2026-05-01T00:00:00Z')) } });
    expect(verdictOf(bareReportOf(vector))).toBe('INDETERMINATE/REVOKED_NO_POE');
  });

  it('shows no text, signer or relying party that its signature does not cover', () => {
    const report = bareReportOf(makeVector({ signedWith: 'stranger' }));
    expect(report).toMatchObject({ visibleText: null, nonVisibleData: null, signer: null, relyingParty: null });
  });

  it('names no signer for whom no given root vouches', () => {
    expect(bareReportOf({ ...makeVector(), trust: acceptAnchors([], []) }).signer).toBeNull();
  });
});

describe('an exported signature', () => {
  const copies = {
    visibleText: Buffer.from(textOf(facts)),
    nonVisibleData: Buffer.from(buildNonVisibleData(facts)),
    report: Buffer.from(canonicalJson(JSON.parse(JSON.stringify(reportOf({}))) as JsonObject)),
    circumstances: Buffer.from('{}'),
    root: Buffer.from(makeVector().rootPem),
  };

  it('matches by what was signed; what was not signed is skipped with a warning', () => {
    const report = exportedReportOf(makeVector());
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', scope: 'consent', matches: 'yes', payer: 'bound' });
    expect(report.warnings).toEqual([
      'receipt-time-not-compared',
      'relying-party-unverified',
      'payer-number-not-compared',
    ]);
  });

  it('passes with the copies that were exported with it', () => {
    expect(exportedReportOf(makeVector(), { ...folder, copies }).matches).toBe('yes');
  });

  it.each([
    ['consent.json', { consentJson: consentFile({ ...facts, bank: 'bank-b' }), copies }],
    ['no consent.json', { consentJson: undefined, copies }],
    ['an empty consent.json', { consentJson: Buffer.from('{}'), copies }],
    ['visible-text.txt', { ...folder, copies: { ...copies, visibleText: Buffer.from('x') } }],
    ['non-visible.json', { ...folder, copies: { ...copies, nonVisibleData: Buffer.from('{}') } }],
    ['report.json', { ...folder, copies: { ...copies, report: Buffer.from('{"relyingParty":"x"}') } }],
    ['circumstances.json', { ...folder, copies: { ...copies, circumstances: Buffer.from('{') } }],
    ['bankid-root.pem', { ...folder, copies: { ...copies, root: undefined } }],
    ['a checksum', { ...folder, damage: 'content.evidence-digest' as const }],
  ])('does not match where %s says something else', (_title, files) => {
    const report = exportedReportOf(makeVector(), files);
    expect(report.matches).toBe('no');
    expect(refusalsOf(report)).toEqual(['content']);
  });

  it('does not match another environment than the signed one', () => {
    const nonVisibleData = buildNonVisibleData({ ...facts, environment: 'production' });
    const files = { consentJson: consentFile({ ...facts, environment: 'production' }), copies: undefined };
    expect(exportedReportOf(makeVector({ nonVisibleData }), files).matches).toBe('no');
  });

  it('takes the start of the order from the signed data', () => {
    const vector = makeVector({ ocsp: { status: revoked(new Date('2026-06-01T11:59:59Z')) } });
    expect(verdictOf(exportedReportOf(vector))).toBe('TOTAL-FAILED/REVOKED');
    expect(
      refusalsOf(exportedReportOf(makeVector({ ocsp: { producedAt: new Date('2026-06-01T11:58:00Z') } }))),
    ).toEqual(['order-start']);
  });
});

describe('time', () => {
  it('is proven by the responder alone when its certificate has expired: bankid passes and says so', () => {
    const report = bareReportOf(makeVector(), { now: later });
    expect(verdictOf(report)).toBe('TOTAL-PASSED');
    expect(report.warnings).toContain('poe.responder-only');
    expect(report.signedAt).toBe(producedAt.toISOString());
  });

  it('is out of bounds then under etsi-strict', () => {
    const report = bareReportOf(makeVector(), { now: later, policy: 'etsi-strict' });
    expect(verdictOf(report)).toBe('INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE');
    expect(verdictOf(bareReportOf(makeVector(), { policy: 'etsi-strict' }))).toBe('TOTAL-PASSED');
  });

  it('that a caller vouches for never overrides what the OCSP response proves', () => {
    const report = bareReportOf(makeVector(), { now: later, vouchedAt: new Date('2026-06-02T00:00:00Z') });
    expect(verdictOf(report)).toBe('TOTAL-PASSED');
    expect(report.signedAt).toBe(producedAt.toISOString());
  });

  it.each(['bankid', 'etsi-strict'] as const)('before producedAt is not to be vouched for under %s', (policy) => {
    const report = bareReportOf(makeVector(), { now: later, policy, vouchedAt: new Date('2026-06-01T12:00:29Z') });
    expect(verdictOf(report)).toBe('INDETERMINATE/TIMESTAMP_ORDER_FAILURE');
    expect(refusalsOf(report)).toEqual(['times']);
    expect(verdictOf(bareReportOf(makeVector(), { now: later, policy, vouchedAt: producedAt }))).toBe('TOTAL-PASSED');
  });

  const inYear = (year: number): Recipe => {
    const validity = { notBefore: new Date('2015-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
    const at = new Date(Date.UTC(year, 5, 1, 12));
    return {
      pki: { leaf: validity, customerCa: validity, bankCa: validity, root: validity, responder: validity },
      ocsp: { hash: 'sha1', producedAt: at, thisUpdate: at },
    };
  };

  it('of an OCSP response over SHA-1 is vouched for by the caller, never for a consent', () => {
    const vector = makeVector(inYear(2021));
    const old = bareReportOf(vector, { now: later, vouchedAt: new Date('2022-06-30T23:59:59Z') });
    expect(verdictOf(old)).toBe('TOTAL-PASSED');
    expect(old.warnings).toContain('sha1-ocsp');
    const young = bareReportOf(vector, { now: later, vouchedAt: policies.bankid.sha1OcspSunset });
    expect(verdictOf(young)).toBe('INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE');
    expect(findDecidingCheck(young)).toBe('algorithms');
  });

  it('of an OCSP response over SHA-1 is never before the response itself says', () => {
    const report = bareReportOf(makeVector(inYear(2026)), { now: later, vouchedAt: new Date('2022-06-30T23:59:59Z') });
    expect(verdictOf(report)).toBe('INDETERMINATE/TIMESTAMP_ORDER_FAILURE');
    expect(refusalsOf(report)).toEqual(['algorithms', 'times']);
    expect(report.warnings).not.toContain('sha1-ocsp');
  });
});

describe('a verified signature', () => {
  it('comes out of a passed consent only, and no look-alike is one', () => {
    const { completion, expectation, trust } = makeVector();
    const verified = verifyConsent(completion, expectation, { trust, policy: policies.bankid, now });
    expect(isVerified(verified)).toBe(true);
    expect(isVerified({ ...verified })).toBe(false);
    const refused = verifyConsent({ ...completion, personalNumber: undefined }, expectation, {
      trust,
      policy: policies.bankid,
      now,
    });
    expect(isVerified(refused)).toBe(false);
  });

  it('is sealed in one place only', () => {
    const src = fileURLToPath(new URL('../../../src/', import.meta.url));
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const naming = files.filter((path) => readFileSync(`${src}${path}`, 'utf8').includes('sealVerifiedSignature'));
    expect(naming.sort()).toEqual(['verification/verified-signature.ts', 'verification/verify-consent.ts']);
  });

  it('is not made from an incomplete expectation', () => {
    const { completion, expectation, trust } = makeVector();
    for (const member of Object.keys(expectation)) {
      const partial = { ...expectation, [member]: undefined };
      expect(() => verifyConsent(completion, partial, { trust, policy: policies.bankid, now })).toThrow(member);
    }
  });

  it('is refused under a root of a kind that is not accepted', () => {
    const { completion, expectation, trust } = makeVector();
    const none = acceptAnchors(trust.roots, ['production', 'test']);
    expect(isVerified(verifyConsent(completion, expectation, { trust: none, policy: policies.bankid, now }))).toBe(
      false,
    );
  });

  it('hides the personal number where a report is masked', () => {
    expect(maskReport(reportOf({})).signer?.personalNumber).toBe('19900101****');
  });
});
