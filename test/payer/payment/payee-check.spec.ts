import {
  parseSignedVerification,
  verificationResults,
  verificationToJson,
} from '../../../src/payment/creditor-name-verification.ts';
import { parseAuthorizationDetails, type PushedPayment } from '../../../src/payment/initiation.ts';
import { renderVisibleText } from '../../../src/payment/visible-text.ts';
import { pointerOf } from '../../support/pointer-of.ts';

const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '125.00' },
  creditorName: 'Elbolaget AB',
  creditorAccount: { iban: 'SE4550000000058398257466' },
};
const checkedAt = '2026-11-22T10:00:00.000Z';
const attestation = 'e30.e30.c2ln';
const at = '/authorization_details/0/creditorNameVerification';

function push(creditorNameVerification: unknown, change: object = {}): PushedPayment {
  return parseAuthorizationDetails([{ ...payment, ...change, creditorNameVerification }]);
}

/** The lines of the text between the payee's account and the warning. */
function shown(template: 'sv-2' | 'en-2', verification: object): readonly string[] {
  const { initiation, verification: creditorNameVerification } = push(verification);
  const facts = {
    template,
    tpp: { name: 'Exempelbutiken AB', authorisationNumber: 'FI-44001' },
    bankName: 'Exempelbanken AB',
    channel: { way: 'browser' as const },
    creditorNameVerification,
    initiation,
  };
  return renderVisibleText(facts).split('\n').slice(12, -3);
}

describe('what the verification of the payee said', () => {
  const matchedName = 'Elbolaget i Norden AB';

  it.each([
    [
      'match',
      'Namnet stämmer med kontot, enligt Exempelbanken AB',
      'The name matches the account, says Exempelbanken AB',
    ],
    [
      'no-match',
      'Namnet stämmer inte med kontot, enligt Exempelbanken AB. Pengarna kan gå till någon annan.',
      'The name does not match the account, says Exempelbanken AB. The money may go to someone else.',
    ],
    [
      'not-possible',
      'Namnet kunde inte kontrolleras, enligt Exempelbanken AB. Pengarna kan gå till någon annan.',
      'The name could not be checked, says Exempelbanken AB. The money may go to someone else.',
    ],
  ])('is shown in these words for ever if the bank attests it: %s', (result, swedish, english) => {
    expect(shown('sv-2', { result, checkedAt, attestation })).toEqual(['Mottagarkontroll:', `  ${swedish}`]);
    expect(shown('en-2', { result, checkedAt, attestation })).toEqual(['Payee check:', `  ${english}`]);
  });

  it('is shown with the name of the account holder where it is a close match, if the bank attests it', () => {
    const close = { result: 'close-match', matchedName, checkedAt, attestation };
    expect(shown('sv-2', close)).toEqual([
      'Mottagarkontroll:',
      '  Namnet stämmer inte helt, enligt Exempelbanken AB. Pengarna kan gå till någon annan.',
      'Namn på kontot:',
      `  ${matchedName}`,
    ]);
    expect(shown('en-2', close)).toEqual([
      'Payee check:',
      '  The name does not quite match, says Exempelbanken AB. The money may go to someone else.',
      'Name on the account:',
      `  ${matchedName}`,
    ]);
  });

  it('is shown as the TPP says it only where it warns, and never with a name', () => {
    expect(shown('sv-2', { result: 'match', checkedAt })).toEqual([]);
    const warns = (result: string, more: object = {}): string => shown('sv-2', { result, checkedAt, ...more }).join();
    const [source, warning] = ['enligt Exempelbutiken AB', 'Pengarna kan gå till någon annan.'];
    expect(warns('no-match')).toBe(`Mottagarkontroll:,  Namnet stämmer inte med kontot, ${source}. ${warning}`);
    expect(warns('not-possible')).toBe(`Mottagarkontroll:,  Namnet kunde inte kontrolleras, ${source}. ${warning}`);
    const close = warns('close-match', { matchedName });
    expect(close).toBe(`Mottagarkontroll:,  Namnet stämmer inte helt, ${source}. ${warning}`);
  });

  it.each(verificationResults)('has one form in the signed data: %s', (result) => {
    const stated = { checkedAt, result, ...(result === 'close-match' && { matchedName }) };
    for (const json of [stated, { attestation, ...stated }]) {
      const { verification } = push(json);
      expect(verification && verificationToJson(verification)).toEqual(json);
      expect(parseSignedVerification(json, '')).toEqual(verification);
    }
  });

  it.each([
    ['no object', 'match', ''],
    ['null', null, ''],
    ['no result', { checkedAt }, '/result'],
    ['an unknown result', { result: 'MTCH', checkedAt }, '/result'],
    ['no time', { result: 'match' }, '/checkedAt'],
    ['a time that is none', { result: 'match', checkedAt: '2026-02-30T10:00:00Z' }, '/checkedAt'],
    ['a close match without a name', { result: 'close-match', checkedAt }, '/matchedName'],
    ['a match with a name', { result: 'match', matchedName, checkedAt }, '/matchedName'],
    ['a name that reads like a label', { result: 'close-match', matchedName: 'Belopp: 1', checkedAt }, '/matchedName'],
    ['a name that reads like an amount', { result: 'close-match', matchedName: 'A 1 kr', checkedAt }, '/matchedName'],
    ['a name in Cyrillic', { result: 'close-match', matchedName: '\u0410\u0411', checkedAt }, '/matchedName'],
    ['a name of 71 letters', { result: 'close-match', matchedName: 'a'.repeat(71), checkedAt }, '/matchedName'],
    ['an attestation that is no JWS', { result: 'match', checkedAt, attestation: 'yes' }, '/attestation'],
    [
      'an attestation that is too long',
      { result: 'match', checkedAt, attestation: `a.a.${'a'.repeat(2045)}` },
      '/attestation',
    ],
    ['an unknown member', { result: 'match', checkedAt, score: '99' }, '/score'],
  ])('is refused with %s', (_, verification, pointer) => {
    expect(pointerOf(() => push(verification))).toBe(`${at}${pointer}`);
  });

  it.each([
    ['kronor', { instructedAmount: { currency: 'SEK', amount: '125.00' } }],
    ['a bankgiro', { creditorAccount: { bankgiro: '5050-1055' } }],
    ['a plusgiro', { creditorAccount: { plusgiro: '1-8' } }],
    ['a Swedish account number', { creditorAccount: { bban: '8327-9, 3922422245' } }],
  ])('is refused for %s, where nothing verifies payees', (_, change) => {
    expect(pointerOf(() => push({ result: 'no-match', checkedAt }, change))).toBe(at);
    expect(parseAuthorizationDetails([{ ...payment, ...change }]).verification).toBeUndefined();
  });
});
