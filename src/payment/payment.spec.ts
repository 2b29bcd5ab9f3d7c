import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { withAttestation } from '../../test/support/vectors/attestation.ts';
import { DomainError } from '../kernel/errors.ts';
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
import type { Channel } from './channel.ts';
import { verificationResults, type CreditorNameVerification } from './creditor-name-verification.ts';
import type { CreditorReference } from './creditor-reference.ts';
import { buildNonVisibleData, parseNonVisibleData, type SignedConsentFacts, type SignedFacts2 } from './non-visible.ts';
import { renderVisibleText } from './visible-text.ts';
import { pointerOf } from '../../test/support/pointer-of.ts';

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
const rf = fc
  .string({ unit: fc.constantFrom(...'0123456789ABCXYZ'), minLength: 1, maxLength: 21 })
  .map((text) => `RF${checkDigitsOf(text)}${text}`);
const reference: fc.Arbitrary<CreditorReference> = fc.oneof(
  giro(2, 25).map((value) => ({ type: 'OCR' as const, value })),
  rf.map((value) => ({ type: 'RF' as const, value })),
);
const initiation: fc.Arbitrary<PaymentInitiation> = fc.record({
  instructedAmount: fc.record({
    currency: fc.constantFrom('SEK' as const, 'EUR' as const, 'ISK' as const),
    amountMinor: fc.bigInt({ min: 1n, max: 9_999_999_999_999n }),
  }),
  creditorName: word,
  creditorAccount: account,
  debtorAccount: maybe(account),
  remittanceInformationUnstructured: maybe(word),
  creditorReference: maybe(reference),
  endToEndIdentification: maybe(word),
});
const channel: fc.Arbitrary<Channel> = fc.constantFrom<Channel>(
  { way: 'browser' },
  { way: 'app' },
  { way: 'qr' },
  { way: 'phone', callInitiator: 'user' },
  { way: 'phone', callInitiator: 'RP' },
);
const verification: fc.Arbitrary<CreditorNameVerification> = fc
  .record({
    result: fc.constantFrom(...verificationResults),
    matchedName: word,
    checkedAt: fc.date({ min: new Date('2025-10-09'), max: new Date('2100-01-01'), noInvalidDate: true }),
    attestation: maybe(fc.constant('')),
  })
  .map((stated) => ({ ...stated, matchedName: stated.result === 'close-match' ? stated.matchedName : undefined }));
const common = {
  environment: fc.constantFrom('sandbox' as const, 'production' as const),
  consentId: fc.uuid().map((id) => id as ConsentId),
  clientId: word,
  tpp: fc.record({ name: word, authorisationNumber: word }),
  bank: word,
  payer: fc.constantFrom('bound' as const, 'unbound' as const),
  orderedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  nonce: word,
  initiation,
};
/** Version 1 has no RF references. */
const initiation1 = initiation.filter(({ creditorReference }) => creditorReference?.type !== 'RF');
const facts2: fc.Arbitrary<SignedFacts2> = fc
  .record({
    ...common,
    template: fc.constantFrom('sv-2' as const, 'en-2' as const),
    bankName: word,
    channel,
    creditorNameVerification: maybe(verification),
  })
  .map((signed) => ({ ...signed, creditorNameVerification: withAttestation(signed) }));
const facts: fc.Arbitrary<SignedConsentFacts> = fc.oneof(
  fc.record({ ...common, initiation: initiation1, template: fc.constantFrom('sv-1' as const, 'en-1' as const) }),
  facts2,
);

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
          renderVisibleText({
            template: 'sv-2',
            tpp: { name: 'Exempelbutiken AB', authorisationNumber: 'FI-44001' },
            bankName: 'Exempelbanken AB',
            channel: { way: 'browser' },
            creditorNameVerification: undefined,
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

describe('the text of version 2', () => {
  const linesOf = (signed: SignedConsentFacts): readonly string[] => renderVisibleText(signed).split('\n');
  const valueOf = (signed: SignedConsentFacts, label: string): string | undefined => {
    const lines = linesOf(signed);
    const at = lines.indexOf(`${label}:`);
    return at < 0 ? undefined : lines[at + 1];
  };

  it('shows who asks, at which bank, how much and whom, in this order, and nothing that is not signed', () => {
    fc.assert(
      fc.property(facts2, (signed) => {
        const lines = linesOf({ ...signed, template: 'sv-2' });
        const labels = [
          'Begärs av:',
          'Tillståndsnummer:',
          'Din bank:',
          'Belopp:',
          'Betalas till:',
          'Mottagarens konto:',
        ];
        expect(labels.map((label) => lines.indexOf(label))).toEqual([0, 2, 4, 6, 8, 10]);
        expect(lines[5]).toBe(`  ${signed.bankName}`);
        expect(renderVisibleText(parseNonVisibleData(buildNonVisibleData(signed)))).toBe(renderVisibleText(signed));
      }),
    );
  });

  it('says who called if it was ordered in a phone call, and nothing of calls otherwise', () => {
    fc.assert(
      fc.property(facts2, (facts) => {
        const signed: SignedFacts2 = { ...facts, template: 'en-2' };
        const call = valueOf(signed, 'Phone call');
        const name = signed.tpp.name;
        const expected = { otherwise: undefined, user: `  You called ${name}`, RP: `  ${name} called you` };
        expect(call).toBe(expected[signed.channel.way === 'phone' ? signed.channel.callInitiator : 'otherwise']);
        const warns = renderVisibleText(signed).includes('Hang up');
        expect(warns).toBe(signed.channel.way === 'phone' && signed.channel.callInitiator === 'RP');
      }),
    );
  });

  it('differs if the bank or the call differs, and the data signed with it if the channel differs', () => {
    const callOf = (way: Channel): string => (way.way === 'phone' ? way.callInitiator : '');
    fc.assert(
      fc.property(facts2, word, channel, (signed, bankName, way) => {
        const other = { ...signed, bankName, channel: way };
        const isSame = bankName === signed.bankName && callOf(way) === callOf(signed.channel);
        expect(renderVisibleText(other) === renderVisibleText(signed)).toBe(isSame);
        const isSameChannel = JSON.stringify(way) === JSON.stringify(signed.channel);
        const bytes = Buffer.from(buildNonVisibleData({ ...signed, channel: way }));
        expect(bytes.equals(buildNonVisibleData(signed))).toBe(isSameChannel);
      }),
    );
  });

  it('is of no use with the data of version 1, nor the other way round', () => {
    fc.assert(
      fc.property(facts2, initiation1, ({ bankName, channel: way, creditorNameVerification, ...later }, earlier) => {
        const signed = { ...later, initiation: earlier };
        const one = { ...signed, template: 'sv-1' as const };
        const two = { ...signed, bankName, channel: way, creditorNameVerification };
        const mixed: readonly object[] = [
          { ...consentJson(one), template: 'sv-2' },
          { ...consentJson(two), template: 'sv-1' },
          { ...consentJson(two), channel: undefined },
          { ...consentJson(two), bankName: undefined },
          { ...consentJson(one), bankName },
          { ...consentJson(one), creditorNameVerification: { checkedAt: '2026-11-22T10:00:00.000Z', result: 'match' } },
          { ...consentJson(one), v: 3 },
        ];
        for (const json of mixed) {
          expect(() => parseNonVisibleData(Buffer.from(canonicalize(json) ?? ''))).toThrow(DomainError);
        }
      }),
    );
  });

  it.each([
    [{ way: 'carrier-pigeon' }, '/channel/way'],
    [{ way: 'browser', callInitiator: 'user' }, '/channel/callInitiator'],
    [{ way: 'app', callInitiator: 'user' }, '/channel/callInitiator'],
    [{ way: 'qr', callInitiator: 'RP' }, '/channel/callInitiator'],
    [{ way: 'toString' }, '/channel/way'],
    [{ way: 'phone' }, '/channel/callInitiator'],
    [{ way: 'phone', callInitiator: 'rp' }, '/channel/callInitiator'],
    ['browser', '/channel'],
    [{ way: 'browser', number: '+46' }, '/channel/number'],
  ])('is not read with the channel %j', (other, pointer) => {
    const [signed] = fc.sample(facts2, 1);
    const json = { ...consentJson(signed!), channel: other };
    expect(pointerOf(() => parseNonVisibleData(Buffer.from(canonicalize(json) ?? '')))).toBe(pointer);
  });

  /** The signed JSON, to be changed. */
  function consentJson(signed: SignedConsentFacts): object {
    return JSON.parse(Buffer.from(buildNonVisibleData(signed)).toString('utf8')) as object;
  }
});

/** ISO 7064 MOD 97-10, by arithmetic on the whole number. */
function checkDigitsOf(text: string): string {
  const number = [...`${text}RF00`].map((character) => Number.parseInt(character, 36)).join('');
  return String(98n - (BigInt(number) % 97n)).padStart(2, '0');
}

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
