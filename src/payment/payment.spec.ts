import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { luhnDigit } from '../kernel/personal-number.ts';
import type { ConsentId } from '../kernel/ids.ts';
import type { Account } from './account.ts';
import {
  initiationText,
  initiationToJson,
  parseInitiation,
  type PaymentInitiation,
  textsThatAllow,
} from './initiation.ts';
import { buildNonVisibleData, parseNonVisibleData, type SignedConsentFacts } from './non-visible.ts';
import { renderVisibleText } from './visible-text.ts';

const word = fc.string({ unit: fc.constantFrom(...'abcåäöéXYZ&-’'), minLength: 1, maxLength: 30 });
const giro = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'123456789'), minLength: min - 1, maxLength: max - 1 })
    .map((digits) => `${digits}${luhnDigit(digits)}`);
const account: fc.Arbitrary<Account> = fc.oneof(
  giro(7, 8).map((value): Account => ({ kind: 'bankgiro', value })),
  giro(2, 8).map((value): Account => ({ kind: 'plusgiro', value })),
  fc.constantFrom<Account>({ kind: 'iban', value: 'SE4550000000058398257466' }, { kind: 'bban', value: '58398257466' }),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const initiation: fc.Arbitrary<PaymentInitiation> = fc.record({
  instructedAmount: fc.record({
    currency: fc.constantFrom('SEK' as const, 'EUR' as const, 'ISK' as const),
    amountMinor: fc.bigInt({ min: 1n, max: 9_999_999_999_999n }),
  }),
  creditorName: word,
  creditorAccount: account,
  debtorAccount: maybe(account),
  remittanceInformationUnstructured: maybe(word),
  ocrReference: maybe(giro(2, 25)),
  endToEndIdentification: maybe(word),
});
const facts: fc.Arbitrary<SignedConsentFacts> = fc.record({
  environment: fc.constantFrom('sandbox' as const, 'production' as const),
  consentId: fc.uuid().map((id) => id as ConsentId),
  clientId: word,
  tpp: fc.record({ name: word, authorisationNumber: word }),
  bank: word,
  payer: fc.constantFrom('bound' as const, 'unbound' as const),
  orderedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  nonce: word,
  template: fc.constantFrom('sv-1' as const, 'en-1' as const),
  initiation,
});

describe('the data that the payer signs unseen', () => {
  it('are RFC 8785, whatever the payment', () => {
    fc.assert(
      fc.property(facts, (consent) => {
        const text = Buffer.from(buildNonVisibleData(consent)).toString('utf8');
        expect(text).toBe(canonicalize(JSON.parse(text)));
      }),
    );
  });

  it('are not made of half a surrogate pair', () => {
    const [consent] = fc.sample(facts, 1);
    if (!consent) throw new Error('no sample');
    expect(() => buildNonVisibleData({ ...consent, bank: 'bank \ud800' })).toThrow(TypeError);
  });
});

describe('a payment', () => {
  it('survives printing and parsing', () => {
    fc.assert(
      fc.property(initiation, (payment) => expect(parseInitiation(initiationToJson(payment), '')).toEqual(payment)),
    );
  });

  it('is shown by different texts when it differs in amount, payee or account', () => {
    fc.assert(
      fc.property(initiation, initiation, (one, other) => {
        const show = (payment: PaymentInitiation): string =>
          renderVisibleText('sv-1', {
            tppName: 'Exempelbutiken AB',
            authorisationNumber: 'FI-44001',
            initiation: payment,
          });
        expect(show(one) === show(other)).toBe(initiationText(one) === initiationText(other));
      }),
    );
  });

  it('may be executed from an account that the consent left open', () => {
    fc.assert(
      fc.property(initiation, account, (payment, debtorAccount) => {
        const open = { ...payment, debtorAccount: undefined };
        expect(mayBeExecuted(open, { ...open, debtorAccount })).toBe(true);
        expect(mayBeExecuted({ ...open, debtorAccount }, open)).toBe(false);
        expect(mayBeExecuted({ ...open, debtorAccount }, { ...open, debtorAccount })).toBe(true);
      }),
    );
  });

  it('may not be executed with another amount, payee or message', () => {
    fc.assert(
      fc.property(initiation, (payment) => {
        const { instructedAmount, creditorName } = payment;
        const more = { ...instructedAmount, amountMinor: instructedAmount.amountMinor + 1n };
        expect(mayBeExecuted(payment, { ...payment, instructedAmount: more })).toBe(false);
        expect(mayBeExecuted(payment, { ...payment, creditorName: `${creditorName}x` })).toBe(false);
        expect(mayBeExecuted(payment, { ...payment, remittanceInformationUnstructured: 'other text' })).toBe(false);
      }),
    );
  });
});

describe('the facts that are signed without being seen', () => {
  it('survive printing and parsing', () => {
    fc.assert(fc.property(facts, (signed) => expect(parseNonVisibleData(buildNonVisibleData(signed))).toEqual(signed)));
  });

  it('are refused with any byte more, less or different', () => {
    fc.assert(
      fc.property(facts, fc.nat(), fc.integer({ min: 1, max: 255 }), (signed, position, flip) => {
        const bytes = Buffer.from(buildNonVisibleData(signed));
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(position % bytes.length) ^ flip, position % bytes.length);
        // A changed byte may be another payment, but never the same facts in another dress.
        expect(parsed(changed)).not.toEqual(signed);
        expect(() => parseNonVisibleData(Buffer.concat([bytes, Buffer.from(' ')]))).toThrow();
        expect(() => parseNonVisibleData(bytes.subarray(0, -1))).toThrow();
      }),
    );
  });
});

function mayBeExecuted(signed: PaymentInitiation, executed: PaymentInitiation): boolean {
  return textsThatAllow(executed).includes(initiationText(signed));
}

function parsed(bytes: Uint8Array): SignedConsentFacts | undefined {
  try {
    return parseNonVisibleData(bytes);
  } catch {
    return undefined;
  }
}
