import fc from 'fast-check';
import type { CreditorNameVerification } from '../../../src/payment/creditor-name-verification.ts';
import { initiationToJson, parseSignedInitiation } from '../../../src/payment/initiation.ts';
import type { SignedConsentFacts, SignedFacts2 } from '../../../src/payment/non-visible.ts';
import { buildNonVisibleData, parseNonVisibleData } from '../../../src/payment/non-visible.ts';
import { attestationOf } from '../../support/vectors/attestation.ts';
import { facts as facts1, facts2, makeVector, textOf, vectorOf } from '../../support/vectors/vector.ts';
import { consentFile, exportedReportOf, refusalsOf, reportOf, verdictOf } from '../../support/vectors/verify.ts';

const inEnglish: SignedFacts2 = { ...facts2, template: 'en-2' };
const byPhone: SignedFacts2 = { ...facts2, channel: { way: 'phone', callInitiator: 'user' } };
const called: SignedFacts2 = { ...inEnglish, channel: { way: 'phone', callInitiator: 'RP' } };

/** The verdict on a text and data that were signed where the service expects a consent of `expected`. */
function verdict(expected: SignedConsentFacts, visibleText: string, nonVisibleData: Uint8Array): string {
  const sent = { visibleData: Buffer.from(visibleText), nonVisibleData, facts: expected };
  const report = reportOf({ visibleText, nonVisibleData }, { expectation: sent });
  const refusals = refusalsOf(report);
  return refusals.length === 0 ? verdictOf(report) : `${verdictOf(report)} by ${refusals.join()}`;
}

const match = { result: 'match', matchedName: undefined, checkedAt: new Date('2026-06-01T11:59:00.000Z') } as const;
const noMatch = { ...match, result: 'no-match' } as const;
const verified: CreditorNameVerification = { ...match, attestation: attestationOf(match, facts2.initiation) };
const refuted: CreditorNameVerification = { ...noMatch, attestation: attestationOf(noMatch, facts2.initiation) };

const unattested: CreditorNameVerification = { ...verified, attestation: undefined };

const REFUSED = 'INDETERMINATE/SIG_CONSTRAINTS_FAILURE by content';

describe('a text of version 2', () => {
  it.each([
    ['Swedish, in a browser', facts2],
    ['English, in a browser', inEnglish],
    ['Swedish, by phone', byPhone],
    ['English, called by the TPP', called],
    ['with a verification of the payee', { ...facts2, creditorNameVerification: verified }],
    ['with a match that the TPP alone states', { ...facts2, creditorNameVerification: unattested }],
  ])('is TOTAL-PASSED, when it is settled and in an export: %s', (_, signed) => {
    expect(verdict(signed, textOf(signed), buildNonVisibleData(signed))).toBe('TOTAL-PASSED');
    const exported = exportedReportOf(vectorOf(signed), { consentJson: consentFile(signed), copies: undefined });
    expect([exported.indication, exported.matches]).toEqual(['TOTAL-PASSED', 'yes']);
  });

  const others: readonly (readonly [string, SignedConsentFacts])[] = [
    ['the text of another bank', { ...facts2, bankName: 'Annan bank AB' }],
    ['the text of a phone call', byPhone],
    ['the text in another language', inEnglish],
    ['a text of version 1', facts1],
    ['a text that says the payee is another', { ...facts2, creditorNameVerification: refuted }],
    ['a text with an attestation of the bank', { ...facts2, creditorNameVerification: verified }],
    ['the text of another TPP', { ...facts2, tpp: { ...facts2.tpp, name: 'Annan AB' } }],
  ];
  it.each(others)('is refused where the payer read %s, though the data are right', (_, other) => {
    expect(verdict(facts2, textOf(other), buildNonVisibleData(facts2))).toBe(REFUSED);
  });

  it.each(others)('is refused where the payer signed the data of %s, though the text is right', (_, other) => {
    expect(verdict(facts2, textOf(facts2), buildNonVisibleData(other))).toBe(REFUSED);
  });

  it.each(others)('is refused where text and data agree, but belong to %s and not to the consent', (_, other) => {
    expect(verdict(facts2, textOf(other), buildNonVisibleData(other))).toBe(REFUSED);
    // By itself, as an export has it, that is a sound signature of the other consent, and its consent.json does not match.
    const exported = exportedReportOf(vectorOf(other), { consentJson: consentFile(facts2), copies: undefined });
    const isSame = consentFile(other).equals(consentFile(facts2));
    expect(exported.matches).toBe(isSame ? 'yes' : 'no');
  });

  const gluedOn: readonly (readonly [string, string])[] = [
    ['another result', attestationOf(noMatch, facts2.initiation)],
    ['another payee', attestationOf(match, { ...facts2.initiation, creditorName: 'Annan AB' })],
    [
      'another account',
      attestationOf(match, { ...facts2.initiation, creditorAccount: { kind: 'plusgiro', value: '18' } }),
    ],
    ['another time', attestationOf({ ...match, checkedAt: new Date(0) }, facts2.initiation)],
    ['nothing', 'e30.e30.c2ln'],
    ['something that is not JSON', 'a.b.c'],
  ];
  it.each(gluedOn)('is refused with an attestation of %s in its data', (_, attestation) => {
    const glued: SignedFacts2 = { ...facts2, creditorNameVerification: { ...verified, attestation } };
    const exported = exportedReportOf(vectorOf(glued), { consentJson: consentFile(glued), copies: undefined });
    expect([verdictOf(exported), exported.matches]).toEqual(['INDETERMINATE/SIG_CONSTRAINTS_FAILURE', 'no']);
  });

  it('is refused with a match in it that the TPP alone states', () => {
    const stated: SignedFacts2 = { ...facts2, creditorNameVerification: unattested };
    expect(textOf(stated)).toBe(textOf(facts2));
    const lying = textOf({ ...facts2, creditorNameVerification: verified });
    expect(lying).toContain('Namnet stämmer med kontot');
    expect(verdict(stated, lying, buildNonVisibleData(stated))).toBe(REFUSED);
  });

  it.each<[string, SignedConsentFacts]>([
    ['bank', { ...facts2, bankName: 'Exempelbanken\nBelopp:\n  1,00 SEK' }],
    ['TPP', { ...facts2, tpp: { ...facts2.tpp, name: 'Exempelbutiken\nBelopp:\n  1,00 SEK' } }],
    ['TPP of version 1', { ...facts1, tpp: { ...facts1.tpp, name: 'Exempelbutiken\u2028Belopp: 1,00 SEK' } }],
    ['TPP of version 1 with a character of version 2', { ...facts1, tpp: { ...facts1.tpp, name: '”Butiken”' } }],
    ['TPP, in its number', { ...facts2, tpp: { ...facts2.tpp, authorisationNumber: '44001\u202e' } }],
  ])('is no consent with a second line, or a mark that no registration has, in the name of the %s', (_, signed) => {
    expect(() => parseNonVisibleData(buildNonVisibleData(signed))).toThrow('is not permitted');
    const exported = exportedReportOf(vectorOf(signed), { consentJson: consentFile(signed), copies: undefined });
    expect([exported.indication, exported.matches]).not.toEqual(['TOTAL-PASSED', 'yes']);
  });

  it('is refused with any line left out, doubled or moved', () => {
    const lines = textOf(called).split('\n');
    lines.forEach((line, at) => {
      const without = lines.toSpliced(at, 1);
      for (const changed of [without, lines.toSpliced(at, 0, line), [...without, line]]) {
        const text = changed.join('\n');
        if (text !== lines.join('\n')) expect(verdict(called, text, buildNonVisibleData(called))).toBe(REFUSED);
      }
    });
  });

  it('is refused with any character more, less or different', () => {
    const text = textOf(facts2);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(' ', 'x', '0', '\n', '\u200b', '´'), (at, character) => {
        const mutations = [
          text.slice(0, at) + text.slice(at + 1),
          text.slice(0, at) + character + text.slice(at),
          text.slice(0, at) + character + text.slice(at + 1),
        ].filter((mutated) => mutated !== text);
        for (const mutated of mutations) {
          const vector = makeVector({ visibleText: mutated, nonVisibleData: buildNonVisibleData(facts2) });
          expect(exportedReportOf(vector, { consentJson: consentFile(facts2), copies: undefined }).matches).toBe('no');
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a text of version 1', () => {
  const payment = { ...initiationToJson(facts1.initiation), instructedAmount: { amount: '125.00', currency: 'BGN' } };
  const inLev: SignedConsentFacts = { ...facts1, initiation: parseSignedInitiation(payment, '', 1) };

  it('is TOTAL-PASSED in lev, which no payment has had since Bulgaria uses the euro', () => {
    expect(textOf(inLev)).toContain('Belopp:\n  125,00 BGN');
    expect(verdict(inLev, textOf(inLev), buildNonVisibleData(inLev))).toBe('TOTAL-PASSED');
    const exported = exportedReportOf(vectorOf(inLev), { consentJson: consentFile(inLev), copies: undefined });
    expect([exported.indication, exported.matches]).toEqual(['TOTAL-PASSED', 'yes']);
  });

  it('is refused with what only version 2 has', () => {
    const later: SignedConsentFacts = { ...facts1, initiation: { ...facts1.initiation, creditorName: '“Elbolaget”' } };
    const exported = exportedReportOf(vectorOf(later), { consentJson: consentFile(later), copies: undefined });
    expect([verdictOf(exported), exported.matches]).toEqual(['INDETERMINATE/SIG_CONSTRAINTS_FAILURE', 'no']);
    const today: SignedConsentFacts = { ...facts2, initiation: later.initiation };
    expect(verdict(today, textOf(today), buildNonVisibleData(today))).toBe('TOTAL-PASSED');
  });
});
