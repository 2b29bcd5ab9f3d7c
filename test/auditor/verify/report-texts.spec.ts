import { findingPhrases } from '../../../src/bundle/finding-phrases.ts';
import { formatEvidenceReport } from '../../../src/bundle/format-evidence-report.ts';
import { formatMany } from '../../../src/cli/verify/print-many.ts';
import { TextSink } from '../../../src/cli/verify/sinks.ts';
import type { Report } from '../../../src/verification/report.ts';
import { parseTrustAnchor } from '../../../src/verification/trust-anchors.ts';
import { formatReport } from '../../../src/evidence-files/report-text.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import type { Channel } from '../../../src/payment/channel.ts';
import type { SignedFacts2 } from '../../../src/payment/non-visible.ts';
import { changePki, issue, toPem } from '../../support/vectors/test-pki.ts';
import { attestationOf } from '../../support/vectors/attestation.ts';
import { facts2, makeVector, vectorOf, type Recipe } from '../../support/vectors/vector.ts';
import { bareReportOf, verdictOf } from '../../support/vectors/verify.ts';

const refusal = (recipe: Recipe) => {
  const report = bareReportOf(makeVector(recipe));
  const row = report.checks.find(({ status }) => status !== 'passed' && status !== 'skipped');
  return [verdictOf(report), row?.message, row?.parameters];
};

describe('a report', () => {
  it.each(['en', 'sv'] as const)("calls no root BankID's that is not pinned, in %s", (language) => {
    const { path } = languages[language];
    const text = formatReport(bareReportOf(makeVector()), languages[language]);
    expect(text).toContain(path.unpinned);
    expect(text).not.toContain(path.production);
  });

  it('says first that a seal does not hold, beside a signature that may be genuine, alone and among many', () => {
    const seal = { state: 'unsound', reason: 'member-changed', member: 'consent.json' } as const;
    const nothing = { ledger: { state: 'none' }, trusted: { seals: [], timestamps: [], ledgers: [] } } as const;
    const report = { ...bareReportOf(makeVector()), ...nothing, container: 'bundle', seal } as const;
    const said = 'seal: UNSOUND; a file was changed after sealing (consent.json)';
    expect(formatEvidenceReport(report, 'en').split('\n')[0]).toBe(said);
    const sealless = { ...report, container: 'folder', seal: { state: 'none' } } as const;
    expect(formatEvidenceReport(sealless, 'en').split('\n')[0]).toContain(report.indication);
    const first = (...reports: readonly Report[]): string | undefined => {
      const sink = new TextSink(false, 'en');
      for (const one of reports) sink.evidence('many', { name: 'a.asice', report: one, reason: undefined });
      return formatMany(sink, report, languages.en, findingPhrases.en).split('\n')[0];
    };
    expect(first(report, report, sealless)).toBe('2 with a seal, a place in the ledger or a timestamp that is UNSOUND');
    expect(first(sealless)).toContain(report.indication);
  });

  it.each([
    ['en', ['Betaltjänst AB (SE-FINA-41234), to be used at the bank Vektorbanken AB (bank-a)', 'in a browser']],
    ['sv', ['Betaltjänst AB (SE-FINA-41234), för användning hos banken Vektorbanken AB (bank-a)', 'i en webbläsare']],
  ] as const)('names the bank as the payer read it, and how the payer was reached, in %s', (language, said) => {
    const text = (facts: SignedFacts2): string => formatReport(bareReportOf(vectorOf(facts)), languages[language]);
    for (const words of said) expect(text(facts2)).toContain(words);
    const { channelOf } = languages[language];
    const channel = { way: 'phone', callInitiator: 'RP' } as const;
    expect(text({ ...facts2, channel })).toContain(channelOf(channel));
    const channels: readonly Channel[] = [
      { way: 'browser' },
      { way: 'app' },
      { way: 'qr' },
      { ...channel, callInitiator: 'user' },
      channel,
    ];
    expect(new Set(channels.map(channelOf)).size).toBe(channels.length);
  });

  it.each([
    ['en', 'match', 'the name matches the account', '; the signer did not read it'],
    ['en', 'close-match', 'the name does not quite match the account', ''],
    ['en', 'no-match', 'the name does not match the account', ''],
    ['en', 'not-possible', 'the name could not be checked', ''],
    ['sv', 'match', 'namnet stämmer med kontot', '; undertecknaren läste det inte'],
    ['sv', 'close-match', 'namnet stämmer inte helt med kontot', ''],
    ['sv', 'no-match', 'namnet stämmer inte med kontot', ''],
    ['sv', 'not-possible', 'namnet kunde inte kontrolleras', ''],
  ] as const)('says in words, in %s, what the verification of the payee said (%s), and by whose word', (...row) => {
    const [language, result, words, unread] = row;
    const matchedName = result === 'close-match' ? 'Vektor Butik AB' : undefined;
    const said = { result, matchedName, checkedAt: new Date(0) } as const;
    const text = (attestation: string | undefined): string =>
      formatReport(
        bareReportOf(vectorOf({ ...facts2, creditorNameVerification: { ...said, attestation } })),
        languages[language],
      );
    const [byTpp, byBank] = {
      en: ['as the third-party provider says', 'by an attestation of the bank'],
      sv: ['enligt betaltjänsten', 'enligt ett intyg från banken'],
    }[language];
    const line = (report: string): string => report.split('\n').find((one) => one.includes(words)) ?? '';
    const stated = line(text(undefined));
    expect(stated).toContain(`${words}, ${byTpp}${unread}`);
    // The name that a TPP alone states protects nobody.
    expect(stated).not.toContain('Vektor Butik AB');
    const attested = line(text(attestationOf(said, facts2.initiation)));
    expect(attested).toContain(byBank);
    expect(attested).not.toContain(unread === '' ? '; ' : unread);
    expect(attested.includes('Vektor Butik AB')).toBe(result === 'close-match');
  });

  it('shows of the rules of a bank what the folder says, and no control characters', () => {
    const conditions = [
      { condition: 'mrtd', required: 'true', found: 'false', met: false },
      { condition: 'cardReader', required: 'class2', found: null, met: false },
      { condition: 'maxRisk', required: 'low', found: '\u001b[2J', met: false },
    ] as const;
    const rule = { outcome: 'not-met', amountFrom: null, documentReplaced: false, conditions } as const;
    const bankPolicy = { outcome: 'not-met', rules: [{ ...rule, name: 'a\nb' }] } as const;
    const report = { ...bareReportOf(makeVector()), bankPolicy };
    expect(formatReport(report, languages.en)).toContain(
      'a\\u{a}b: NOT MET (identity document read: no; card reader of class2 demanded: no fact; risk at most low: \\u{1b}[2J), as the service recorded\n',
    );
    expect(formatReport(report, languages.sv)).toContain(
      'INTE UPPFYLLD (id-handling avläst: nej; kortläsare av class2 krävdes: uppgift saknas; risk högst low: ',
    );
  });

  it('says of the devices what the folder says, whose word it is, and never that they were one', () => {
    const relay = {
      binding: 'returned-with-request-key',
      risk: 'absent',
      statedAddress: '192.0.2.44\u001b[2J',
    } as const;
    const report = { ...bareReportOf(makeVector()), relay };
    const english = formatReport(report, languages.en);
    expect(english).toContain('which proved its key; that does not prove one device, as the service recorded\n');
    expect(english).toContain('BankID gave none, as the service recorded\n');
    expect(english).toContain('192.0.2.44\\u{1b}[2J, stated by the third-party provider, as the service recorded\n');
    const swedish = formatReport(report, languages.sv);
    expect(swedish).toContain(
      'vilken visade sin nyckel; det styrker inte att det var en och samma enhet, enligt tjänstens',
    );
    expect(swedish).toContain('uppgiven av betaltjänsten, enligt tjänstens anteckning\n');
    const browser = { binding: 'same-address', risk: 'low', statedAddress: null } as const;
    expect(formatReport({ ...report, relay: browser }, languages.en)).toContain(
      'low, by BankID, as the service recorded\n',
    );
    expect(formatReport({ ...report, relay: browser }, languages.en)).not.toContain('stated by');
  });

  it('tells a short key from a small exponent', () => {
    expect(refusal({ pki: { leaf: { key: 'short' } } }).slice(1)).toEqual(['algorithms.short-key', { bits: 2048 }]);
    expect(refusal({ pki: { leaf: { key: 'cubic' } }, signedWith: 'cubic' })).toEqual([
      'INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE',
      'algorithms.small-exponent',
      undefined,
    ]);
    expect(refusal({ pki: { responder: { key: 'cubic' } }, ocsp: { signedWith: 'cubic' } })).toEqual([
      'INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      'algorithms.ocsp-small-exponent',
      undefined,
    ]);
  });

  it.each([
    ['signer', { pki: { leaf: { key: 'large' } }, signedWith: 'large' }, 'signature-value.large-key', { bits: 4096 }],
    [
      'customer CA',
      { pki: { customerCa: { key: 'large' }, leaf: { signedWith: 'large' } } },
      'path.large-key',
      { position: 0, bits: 4096 },
    ],
    [
      'bank CA',
      { pki: { bankCa: { key: 'large' }, customerCa: { signedWith: 'large' } } },
      'path.large-key',
      { position: 1, bits: 4096 },
    ],
  ] as const)(
    'names a key of the %s that is too large to be used, and does not call it forged',
    (_who, recipe, ...said) => {
      expect(refusal(recipe)).toEqual(['INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE', ...said]);
    },
  );

  it('names a key of the responder that is too large to be used', () => {
    const recipe = { pki: { responder: { key: 'large' } }, ocsp: { signedWith: 'large' } } as const;
    expect(refusal(recipe)).toEqual(['INDETERMINATE/TRY_LATER', 'ocsp.large-key', { bits: 4096 }]);
  });

  it('rests on no root whose key is too large to be used', () => {
    const pem = toPem(issue(changePki({ root: { key: 'large', signedWith: 'large' } }).root));
    expect(() => parseTrustAnchor(pem, 'accept-unpinned')).toThrow('more than 4096 bits');
  });

  it('says that there is a text which cannot be shown, where it is not UTF-8', () => {
    const text = Buffer.from([0xe5, 0xe4, 0xf6]).toString('base64');
    const signedData = (xml: string): string =>
      xml.replace(/(<usrVisibleData[^>]*>)[^<]*/, (_all, tag: string) => `${tag}${text}`);
    const report = bareReportOf(makeVector({ signedData }));
    expect([report.visibleText, report.warnings]).toEqual([
      null,
      expect.arrayContaining(['visible-text-not-utf8']) as unknown,
    ]);
    expect(formatReport(report, languages.en)).toContain(
      'What the signer saw:\n  (the text that was signed is not UTF-8',
    );
    expect(bareReportOf(makeVector()).warnings).not.toContain('visible-text-not-utf8');
  });
});
