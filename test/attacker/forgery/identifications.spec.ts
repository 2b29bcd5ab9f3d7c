import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LoginId } from '../../../src/kernel/ids.ts';
import { buildLoginData, type SignedLoginFacts } from '../../../src/identification/non-visible.ts';
import { renderLoginText } from '../../../src/identification/visible-text.ts';
import { buildNonVisibleData } from '../../../src/payment/non-visible.ts';
import { policies } from '../../../src/verification/policy.ts';
import type { CheckId } from '../../../src/verification/report.ts';
import { makeReport } from '../../../src/verification/run/make-report.ts';
import { runChecks } from '../../../src/verification/run/run-checks.ts';
import { isVerifiedIdentification } from '../../../src/verification/verified-identification.ts';
import { isVerified } from '../../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { verifyIdentification } from '../../../src/verification/verify-identification.ts';
import { without } from '../../support/attacks/lenient-checks.ts';
import { extensions } from '../../support/vectors/der-writer.ts';
import { loginFacts, loginFile, loginReportOf, makeLoginVector } from '../../support/vectors/login-vector.ts';
import type { LoginChanges } from '../../support/vectors/login-vector.ts';
import { refusedDocuments } from '../../support/vectors/refused-documents.ts';
import { refusedOcspResponses } from '../../support/vectors/refused-ocsp-responses.ts';
import { refusedPaths } from '../../support/vectors/refused-paths.ts';
import { verdicts, type Row } from '../../support/vectors/row.ts';
import { facts2, makeVector, now, textOf, type Recipe } from '../../support/vectors/vector.ts';
import { consentFile, exportedReportOf, refusalsOf, reportOf, verdictOf } from '../../support/vectors/verify.ts';

const { OTHER } = verdicts;
const basis = { trust: makeVector().trust, policy: policies.bankid, now };
const signing = {
  funcId: 'Signing',
  pki: { leaf: { extensions: [extensions.policy('1.2.3.4.5'), extensions.nonRepudiation] } },
};
const identifying = {
  funcId: 'Identification',
  pki: { leaf: { extensions: [extensions.policy('1.2.3.4.5'), extensions.digitalSignature] } },
};

describe('the verdict on an identification', () => {
  it('is TOTAL-PASSED where every check passes, and says in its own words what was checked', () => {
    const report = loginReportOf(makeLoginVector());
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      scope: 'identification',
      matches: 'yes',
      payer: 'bound',
    });
    expect(report.checks.filter(({ status }) => status !== 'passed')).toEqual([]);
    const said = report.checks.map(({ message }) => message);
    expect(said.slice(-4)).toEqual([
      'content.same-login',
      'relying-party.same',
      'signer.identification',
      'payer.person-expected',
    ]);
  });

  const rows: readonly Row[] = [...refusedDocuments, ...refusedPaths, ...refusedOcspResponses];
  it.each(rows.map((row) => ({ title: row[0], row })))('refuses $title, as of a consent', ({ row }) => {
    const [, recipe, verdict, check, changes] = row;
    const report = loginReportOf(makeLoginVector(recipe), changes as LoginChanges | undefined);
    expect([verdictOf(report), refusalsOf(report)]).toEqual([verdict, [check]]);
  });

  const another = (change: Partial<SignedLoginFacts>): Recipe => {
    const facts = { ...loginFacts, ...change };
    return { visibleText: renderLoginText(facts), nonVisibleData: buildLoginData(facts) };
  };
  const contents: readonly (readonly [string, Recipe, CheckId, LoginChanges?])[] = [
    ['another login', another({ loginId: '00000000-6f0a-4c51-9d3e-3a1f0a9c2b11' as LoginId }), 'content'],
    ["another client's login", another({ clientId: 'rp-two', clientName: 'Annat AB' }), 'content'],
    ['a login with another code', another({ bindingMessage: 'K7-4243' }), 'content'],
    ['a login without the code', another({ bindingMessage: undefined }), 'content'],
    ['a login in a browser', another({ channel: { way: 'browser' } }), 'content'],
    ['a login with other scopes', another({ scopes: ['openid'] }), 'content'],
    ['another order of the same login', another({ nonce: 'BBECAwQFBgcICQoLDA0ODw' }), 'content'],
    ['the text of another client', { visibleText: another({ clientName: 'Annat AB' }).visibleText! }, 'content'],
    ['the data of another client', { nonVisibleData: another({ clientId: 'rp-two' }).nonVisibleData! }, 'content'],
    ['no data', { nonVisibleData: null }, 'content'],
    [
      'the text and data of a payment',
      { visibleText: textOf(facts2), nonVisibleData: buildNonVisibleData(facts2) },
      'content',
    ],
    ['markdown', { visibleAttributes: 'charset="UTF-8" format="simpleMarkdownV1" visible="wysiwys"' }, 'content'],
    ['other text than we sent', {}, 'content', { expectation: { visibleData: Buffer.from('x') } }],
    ['other data than we sent', {}, 'content', { expectation: { nonVisibleData: Buffer.from('{}') } }],
    ['another environment', {}, 'content', { expectation: { environment: 'production' } }],
    ['a login that names no person', {}, 'content', { expectation: { payer: { kind: 'unbound' } } }],
    ['an identification for another service', { relyingParty: 'cn=Other,c=SE' }, 'relying-party'],
    ['the text and data of this login, signed', signing, 'signer'],
    ['identification with a signing key', { pki: signing.pki }, 'signer'],
    ['signing with an identification key', { funcId: 'Signing' }, 'signer'],
    [
      'another person than named',
      {},
      'payer',
      { expectation: { payer: { kind: 'bound', personalNumber: '191212121212' as never } } },
    ],
    ["another person than BankID's answer", {}, 'payer', { completion: { personalNumber: '191212121212' } }],
    ["no person in BankID's answer", {}, 'payer', { completion: { personalNumber: undefined } }],
  ];
  it.each(contents.map((row) => ({ title: row[0], row })))('refuses $title', ({ title, row }) => {
    const [, recipe, check, changes] = row;
    const vector = title.includes('signing key') ? signedWith(recipe) : makeLoginVector(recipe);
    const report = loginReportOf(vector, changes);
    expect([verdictOf(report), refusalsOf(report), report.matches]).toEqual([OTHER, [check], 'no']);
  });

  it('refuses the OCSP response of another identification', () => {
    const [a, b] = [makeLoginVector(), makeLoginVector({ visibleText: 'x' })];
    const report = loginReportOf(a, { completion: { ocspResponse: b.completion.ocspResponse } });
    expect(refusalsOf(report)).toEqual(['nonce']);
  });

  it('refuses a change of one bit at every fifth octet of the document and of the OCSP response', () => {
    const vector = makeLoginVector();
    const passes = (member: 'signature' | 'ocspResponse', at: number): boolean => {
      const bytes = Buffer.from(vector.completion[member] ?? '', 'base64');
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const completion = { ...vector.completion, [member]: bytes.toString('base64') };
      return isVerifiedIdentification(verifyIdentification(completion, vector.expectation, basis));
    };
    for (const member of ['signature', 'ocspResponse'] as const) {
      const { length } = Buffer.from(vector.completion[member] ?? '', 'base64');
      const accepted = Array.from({ length: Math.floor(length / 5) }, (_, n) => n * 5).filter((at) =>
        passes(member, at),
      );
      expect(accepted).toEqual([]);
    }
  });

  it.each<readonly [CheckId, Recipe]>([
    ['content', another({ clientId: 'rp-two' })],
    ['signer', signing],
  ])('would be TOTAL-PASSED without the check of %s, which alone refuses its vector', (id, recipe) => {
    const { completion, expectation, trust } = id === 'signer' ? signedWith(recipe) : makeLoginVector(recipe);
    const purpose = { kind: 'identification', expectation } as const;
    const given = { completion, trust, policy: policies.bankid, time: { now, vouchedAt: undefined }, purpose };
    expect(verdictOf(makeReport(runChecks(given)))).toBe(OTHER);
    expect(verdictOf(makeReport(runChecks(given, without(id))))).toBe('TOTAL-PASSED');
  });
});

/** The vector of a login that was signed with a key for signing: the recipe's own, not one for identification. */
function signedWith(recipe: Recipe): ReturnType<typeof makeLoginVector> {
  const sound = makeLoginVector();
  const login = { visibleText: renderLoginText(loginFacts), nonVisibleData: buildLoginData(loginFacts) };
  const { completion } = makeVector({ funcId: 'Identification', ...login, ...recipe });
  return { ...sound, completion };
}

describe('an identification and a signature', () => {
  it('never stand for each other, whatever was verified', () => {
    const login = makeLoginVector();
    const consent = makeVector();
    const identified = verifyIdentification(login.completion, login.expectation, basis);
    const signed = verifyConsent(consent.completion, consent.expectation, basis);
    expect([isVerifiedIdentification(identified), isVerified(identified)]).toEqual([true, false]);
    expect([isVerifiedIdentification(signed), isVerified(signed)]).toEqual([false, true]);
    expect(isVerifiedIdentification({ ...identified })).toBe(false);
  });

  it('are refused where the other is expected, by what the app says it did and by what was read', () => {
    const asConsent = verifyConsent(makeLoginVector().completion, makeVector().expectation, basis);
    const asLogin = verifyIdentification(makeVector().completion, makeLoginVector().expectation, basis);
    expect([isVerified(asConsent), isVerifiedIdentification(asLogin)]).toEqual([false, false]);
    expect('checks' in asConsent && refusalsOf(asConsent)).toEqual(['content', 'signer']);
    expect('checks' in asLogin && refusalsOf(asLogin)).toEqual(['content', 'signer']);
  });

  it('is refused for a consent that was identified for and not signed, though text and data are right', () => {
    const report = reportOf(identifying);
    expect([refusalsOf(report), report.checks.find(({ id }) => id === 'signer')?.message]).toEqual([
      ['signer'],
      'signer.identified',
    ]);
  });

  it('are each sealed in one place only', () => {
    const src = fileURLToPath(new URL('../../../src/', import.meta.url));
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const naming = files.filter((path) => readFileSync(`${src}${path}`, 'utf8').includes('sealVerifiedIdentification'));
    expect(naming.sort()).toEqual(['verification/verified-identification.ts', 'verification/verify-identification.ts']);
  });

  it('are not made from an incomplete expectation', () => {
    const { completion, expectation } = makeLoginVector();
    for (const member of Object.keys(expectation)) {
      const partial = { ...expectation, [member]: undefined };
      expect(() => verifyIdentification(completion, partial, basis)).toThrow(member);
    }
  });
});

describe('an exported identification', () => {
  const login = makeLoginVector();
  const exported = (files: { consentJson?: Buffer; loginJson?: Buffer }, vector: typeof login = login) =>
    exportedReportOf(
      { ...makeVector(), ...vector, expectation: makeVector().expectation },
      {
        consentJson: undefined,
        copies: undefined,
        ...files,
      },
    );

  it('matches its login.json, and the report is one of an identification', () => {
    const report = exported({ loginJson: loginFile(loginFacts) });
    expect([report.indication, report.matches, report.scope]).toEqual(['TOTAL-PASSED', 'yes', 'identification']);
    expect(report.checks.find(({ id }) => id === 'payer')?.message).toBe('payer.person-not-signed');
  });

  it.each<[string, { consentJson?: Buffer; loginJson?: Buffer }]>([
    ['no login.json', {}],
    ["another login's login.json", { loginJson: loginFile({ ...loginFacts, clientId: 'rp-two' }) }],
    ['its login.json by the name of consent.json', { consentJson: loginFile(loginFacts) }],
    ['a consent.json beside its login.json', { loginJson: loginFile(loginFacts), consentJson: consentFile(facts2) }],
  ])('does not match with %s', (_, files) => {
    expect([exported(files).matches, refusalsOf(exported(files))]).toEqual(['no', ['content']]);
  });

  it('does not match a consent, nor a consent a login.json', () => {
    const consent = makeVector();
    const report = exportedReportOf(consent, {
      consentJson: undefined,
      loginJson: loginFile(loginFacts),
      copies: undefined,
    });
    expect([report.matches, refusalsOf(report)]).toEqual(['no', ['content']]);
  });

  it('is refused where its app signed instead of identifying', () => {
    const report = exported({ loginJson: loginFile(loginFacts) }, signedWith(signing));
    expect(report.checks.find(({ status }) => status === 'indeterminate')?.message).toBe('signer.signed');
  });
});
