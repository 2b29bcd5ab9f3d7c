import { signatureText } from '../../../src/evidence-files/completion-files.ts';
import { policies } from '../../../src/verification/policy.ts';
import type { Report } from '../../../src/verification/report.ts';
import { acceptAnchors, parseTrustAnchor } from '../../../src/verification/trust-anchors.ts';
import { verifyExported } from '../../../src/verification/verify-exported.ts';
import { verifySignature } from '../../../src/verification/verify-signature.ts';
import { parseOcspResponse } from '../../../src/crypto/ocsp/response.ts';
import { describeWithSamples, sample } from '../../support/evidence/samples.ts';
import { facts } from '../../support/vectors/vector.ts';
import { folder, refusalsOf, verdictOf } from '../../support/vectors/verify.ts';

const now = new Date('2026-11-22T12:00:00Z');

function verify(file: string, at: string, ocsp?: Buffer): Report {
  const anchor = parseTrustAnchor(sample('roots/Test_BankID_Root_CA_v1_Test.pem').toString(), 'refuse-unpinned');
  const completion = {
    signature: signatureText(sample(`signatures/${file}`)).text,
    ocspResponse: ocsp?.toString('base64'),
    personalNumber: undefined,
  };
  const time = { now, vouchedAt: new Date(at) };
  return verifySignature(completion, { trust: acceptAnchors([anchor], ['test']), policy: policies.bankid, time });
}

const cryptographic = ['structure', 'digests', 'signature-value', 'path', 'algorithms'];
const statusesOf = (report: Report, ids: readonly string[]): string[] =>
  report.checks.filter(({ id }) => ids.includes(id)).map(({ status }) => status);

describeWithSamples('genuine BankID material', () => {
  it.each([
    ['official-identification.xml', '2022-12-01T00:00:00Z'],
    ['official-identification.b64', '2022-12-01T00:00:00Z'],
    ['signing-with-digest.xml', '2018-12-12T00:00:00Z'],
  ])('passes every cryptographic check of %s and asks for its OCSP response', (file, at) => {
    const report = verify(file, at);
    expect(verdictOf(report)).toBe('INDETERMINATE/TRY_LATER');
    expect(statusesOf(report, cryptographic)).toEqual(cryptographic.map(() => 'passed'));
    expect(refusalsOf(report)).toEqual(['ocsp']);
    expect(report.environment).toBe('test');
  });

  it('says of an expired certificate without OCSP response that its time is out of bounds', () => {
    expect(verdictOf(verify('signing-with-digest.xml', '2021-01-01T00:00:00Z'))).toBe(
      'INDETERMINATE/OUT_OF_BOUNDS_NO_POE',
    );
  });

  it('refuses an exchanged KeyInfo', () => {
    expect(verdictOf(verify('invalid-key-info.xml', '2018-12-12T00:00:00Z'))).toBe('TOTAL-FAILED/HASH_FAILURE');
  });

  it('takes an OCSP response of another certificate for none', () => {
    const ocsp = sample('ocsp/good-2022-sha256.der');
    expect(parseOcspResponse(ocsp).basic?.responses.map(({ status }) => status.kind)).toEqual(['good']);
    for (const file of ['official-identification.xml', 'signing-with-digest.xml']) {
      expect(verdictOf(verify(file, '2022-12-01T00:00:00Z', ocsp))).toBe('INDETERMINATE/TRY_LATER');
    }
  });

  it('refuses an identification as a consent', () => {
    const anchor = parseTrustAnchor(sample('roots/Test_BankID_Root_CA_v1_Test.pem').toString(), 'refuse-unpinned');
    const signature = signatureText(sample('signatures/official-identification.b64')).text;
    const completion = { signature, ocspResponse: undefined, personalNumber: undefined };
    const time = { now, vouchedAt: undefined };
    const trust = acceptAnchors([anchor], ['test']);
    const report = verifyExported(completion, folder, { trust, policy: policies.bankid, time });
    expect(report.matches).toBe('no');
    expect(refusalsOf(report)).toEqual(expect.arrayContaining(['content', 'signer']));
    expect(facts.environment).toBe('sandbox');
  });

  it('takes an identification for a login and a signature for none, by what each says it did', () => {
    const anchor = parseTrustAnchor(sample('roots/Test_BankID_Root_CA_v1_Test.pem').toString(), 'refuse-unpinned');
    const basis = {
      trust: acceptAnchors([anchor], ['test']),
      policy: policies.bankid,
      time: { now, vouchedAt: undefined },
    };
    const ofLogin = { consentJson: undefined, loginJson: Buffer.from('{}'), copies: undefined };
    const signerIn = (file: string): string | undefined => {
      const signature = signatureText(sample(`signatures/${file}`)).text;
      const completion = { signature, ocspResponse: undefined, personalNumber: undefined };
      const report = verifyExported(completion, ofLogin, basis);
      expect([report.scope, report.matches]).toEqual(['identification', 'no']);
      return report.checks.find(({ id }) => id === 'signer')?.message;
    };
    expect(signerIn('official-identification.b64')).toBe('signer.identification');
    expect(signerIn('signing-with-digest.xml')).toBe('signer.signed');
  });

  it('refuses the TLS roots as signature roots, by name', () => {
    for (const name of ['BankID_SSL_Root_CA_v1', 'Test_BankID_SSL_Root_CA_v1_Test']) {
      const pem = sample(`roots/${name}.pem`).toString();
      expect(() => parseTrustAnchor(pem, 'accept-unpinned')).toThrow(/BankID SSL Root CA v1.*for TLS connections/);
    }
  });

  it('knows the production root from the test root', () => {
    const kindOf = (name: string) => parseTrustAnchor(sample(`roots/${name}.pem`).toString(), 'refuse-unpinned').kind;
    expect(kindOf('BankID_Root_CA_v1')).toBe('production');
    expect(kindOf('Test_BankID_Root_CA_v1_Test')).toBe('test');
  });
});
