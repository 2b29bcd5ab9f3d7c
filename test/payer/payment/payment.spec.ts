import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { accountToJson, formatAccountNumber, parseAccount } from '../../../src/payment/account.ts';
import {
  creditorReferenceToJson,
  formatCreditorReference,
  parseCreditorReference,
  type CreditorReference,
} from '../../../src/payment/creditor-reference.ts';
import {
  initiationText,
  initiationToJson,
  parseAuthorizationDetails,
  parseExecutedInitiation,
  parseInitiation,
  parseSignedInitiation,
} from '../../../src/payment/initiation.ts';
import { currencyDecimals, type Currency } from '../../../src/payment/money.ts';
import { isCurrencyOf } from '../../../src/payment/templates/tables.ts';
import { renderVisibleText, templateIds, type TemplateId } from '../../../src/payment/visible-text.ts';
import { pointerOf } from '../../support/pointer-of.ts';

interface Vector<Input, Expect> {
  readonly name: string;
  readonly expect: Expect;
  readonly initiation: Input;
}
type AccountVector = Vector<never, { normal: object; written: string }> & { readonly account: object };
type Expected = { canonical: string; paymentHash: string } & Partial<Record<TemplateId, string[]>>;
type TextVector = Vector<object, Expected> & {
  readonly tppName: string;
  readonly authorisationNumber: string;
};

function load<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), 'utf8')) as T[];
}

describe('an account', () => {
  it.each(load<AccountVector>('accounts.json'))(
    'is read and written in one way: $name',
    ({ account, expect: expected }) => {
      const parsed = parseAccount(account, '/account');
      expect(accountToJson(parsed)).toEqual(expected.normal);
      expect(formatAccountNumber(parsed)).toBe(expected.written);
      expect(parseAccount(accountToJson(parsed), '')).toEqual(parsed);
    },
  );
});

describe('a payment that may be asked for', () => {
  const vectors = load<TextVector>('visible-text.json');
  /** What only version 2 can show has no text of version 1. */
  const withEachTemplate = (vector: TextVector): (TextVector & { readonly template: TemplateId })[] =>
    templateIds
      .filter((template) => template.endsWith('-2') || vector.expect[template])
      .map((template) => ({ ...vector, template }));

  it.each(vectors)('has one canonical form and one hash: $name', ({ initiation, expect: expected }) => {
    const parsed = parseInitiation(initiation, '');
    expect(initiationText(parsed)).toBe(expected.canonical);
    expect(hash('sha256', initiationText(parsed), 'hex')).toBe(expected.paymentHash);
  });

  it.each(vectors.flatMap(withEachTemplate))(
    'is shown to the payer in these words for ever: $name, $template',
    ({ initiation, template, expect: expected, tppName, authorisationNumber }) => {
      const text = renderVisibleText({
        template,
        tpp: { name: tppName, authorisationNumber },
        initiation: parseInitiation(initiation, ''),
        bankName: 'Exempelbanken AB',
        channel: { way: 'browser' },
        creditorNameVerification: undefined,
      });
      expect(text.split('\n')).toEqual(expected[template]);
    },
  );
});

describe('the reference of an invoice', () => {
  const parse = (referenceType: string, reference: string, version: 1 | 2 = 2): CreditorReference =>
    parseCreditorReference({ referenceType, reference }, '', version);

  it.each([
    ['OCR', '18', '18', '18'],
    ['OCR', '1111111111111111111111114', '1111111111111111111111114', '1111111111111111111111114'],
    ['RF', 'RF18539007547034', 'RF18539007547034', 'RF18 5390 0754 7034'],
    ['RF', 'RF18000000000539007547034', 'RF18000000000539007547034', 'RF18 0000 0000 0539 0075 4703 4'],
    ['RF', 'RF185390075470Y', 'RF185390075470Y', 'RF18 5390 0754 70Y'],
    ['RF', 'rf185390075470y', 'RF185390075470Y', 'RF18 5390 0754 70Y'],
  ])('is read and written in one way: %s %s', (type, reference, normal, written) => {
    const read = parse(type, reference);
    expect(read).toEqual({ type, value: normal });
    expect(formatCreditorReference(read)).toBe(written);
    expect(creditorReferenceToJson(read)).toEqual({ reference: normal, referenceType: type });
  });

  it('is refused with any single character of an RF reference changed', () => {
    const reference = 'RF18539007547034';
    for (let at = 0; at < reference.length; at++) {
      for (const other of '0123456789A') {
        const changed = reference.slice(0, at) + other + reference.slice(at + 1);
        if (changed !== reference) expect(() => parse('RF', changed)).toThrow('RF reference');
      }
    }
  });

  it('is an OCR number in what was signed in version 1', () => {
    expect(parse('OCR', '18', 1)).toEqual({ type: 'OCR', value: '18' });
    expect(() => parse('RF', 'RF18539007547034', 1)).toThrow('This type of reference is not supported.');
  });
});

describe('a payment that is asked for in a phone call', () => {
  const initiation = parseInitiation(
    {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '1250.00' },
      creditorName: 'Elbolaget AB',
      creditorAccount: { bankgiro: '5050-1055' },
      debtorAccount: { iban: 'SE4550000000058398257466' },
    },
    '',
  );
  const tail = (template: 'sv-2' | 'en-2', callInitiator: 'user' | 'RP'): readonly string[] =>
    renderVisibleText({
      template,
      tpp: { name: 'Exempelbutiken AB', authorisationNumber: 'FI-44001' },
      bankName: 'Exempelbanken AB',
      channel: { way: 'phone', callInitiator },
      creditorNameVerification: undefined,
      initiation,
    })
      .split('\n')
      .slice(12);

  it('is shown with who called whom, in these words for ever', () => {
    const account = '  IBAN SE45 5000 0000 0583 9825 7466';
    const warning = [
      'Skriv bara under om du själv har påbörjat den här betalningen.',
      'Banken, polisen eller en myndighet ber dig aldrig att skriva under.',
    ];
    const english = [
      'Sign only if you started this payment yourself.',
      'Your bank, the police or an authority will never ask you to sign.',
    ];
    const called = 'Lägg på och skriv inte under om du inte väntade dig samtalet.';
    const swedish = ['Från konto:', account, 'Telefonsamtal:'];
    expect(tail('sv-2', 'user')).toEqual([...swedish, '  Du ringde till Exempelbutiken AB', '', ...warning]);
    expect(tail('sv-2', 'RP')).toEqual([...swedish, '  Exempelbutiken AB ringde till dig', '', called, ...warning]);
    const inEnglish = ['From account:', account, 'Phone call:'];
    expect(tail('en-2', 'user')).toEqual([...inEnglish, '  You called Exempelbutiken AB', '', ...english]);
    const hangUp = 'Hang up and do not sign if you did not expect the call.';
    expect(tail('en-2', 'RP')).toEqual([...inEnglish, '  Exempelbutiken AB called you', '', hangUp, ...english]);
  });
});

describe('a payment that was signed by the rules of its day', () => {
  const signed = {
    type: 'payment_initiation',
    instructedAmount: { currency: 'BGN', amount: '125.00' },
    creditorName: 'Att betala 125 kr',
    creditorAccount: { bankgiro: '0505-1057' },
  };

  it('is in one of the eleven currencies of version 1, however many there are today', () => {
    const known = Object.keys(currencyDecimals) as Currency[];
    const frozen = ['CHF', 'CZK', 'DKK', 'EUR', 'HUF', 'ISK', 'NOK', 'PLN', 'RON', 'SEK', 'BGN'];
    expect(known.filter((currency) => isCurrencyOf(1, currency)).sort()).toEqual(frozen.sort());
  });

  it.each([
    ['a currency of before', { instructedAmount: signed.instructedAmount }, '/instructedAmount/currency'],
    ['a bankgiro with a zero before it', { creditorAccount: signed.creditorAccount }, '/creditorAccount/bankgiro'],
    ['a second amount', { creditorName: signed.creditorName }, '/creditorName'],
  ])('is read, compared and shown for ever, though %s is refused at the push', (_what, former, pointer) => {
    const today = { instructedAmount: { currency: 'SEK', amount: '125.00' }, creditorName: 'Elbolaget AB' };
    const payment = { ...signed, creditorAccount: { bankgiro: '5050-1055' }, ...today, ...former };
    expect(pointerOf(() => parseInitiation(payment, ''))).toBe(pointer);
    const read = parseSignedInitiation(payment, '', 1);
    expect(parseExecutedInitiation(initiationToJson(read), '')).toEqual(read);
    const tpp = { name: 'A', authorisationNumber: '1' };
    expect(renderVisibleText({ template: 'sv-1', tpp, initiation: read })).toContain('125,00');
    // A consent that was pushed before the rule may be signed after it.
    expect(parseSignedInitiation(payment, '', 2)).toEqual(read);
  });
});

describe('a payment that must not be asked for', () => {
  const refusals = load<Vector<unknown, { pointer: string }>>('refusals.json');

  it.each(refusals)('is refused at the member at fault: $name', ({ initiation, expect: { pointer } }) => {
    expect(pointerOf(() => parseInitiation(initiation, ''))).toBe(pointer);
    expect(pointerOf(() => parseAuthorizationDetails([initiation]))).toBe(`/authorization_details/0${pointer}`);
  });

  it.each([
    ['two payments', [{}, {}], '/authorization_details/1'],
    ['no payment', [], '/authorization_details'],
    ['an object instead of an array', {}, '/authorization_details'],
  ])('is refused as %s', (_name, details, pointer) => {
    expect(pointerOf(() => parseAuthorizationDetails(details))).toBe(pointer);
  });
});
