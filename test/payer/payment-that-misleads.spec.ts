import type { RawAnswer } from '../support/parties/exchange.ts';
import type { RawParties } from '../support/parties/raw-parties.ts';
import { payment, TestSystem } from '../support/system/system.ts';

let world: TestSystem;
let parties: RawParties;

beforeAll(async () => {
  world = await TestSystem.start();
  parties = world.raw;
}, 60_000);
afterAll(() => world.stop());

const refused = (request: () => Promise<RawAnswer>): Promise<RawAnswer> => world.refused(request);

describe('a payment that could mislead, or that cannot be executed, is refused by the member at fault:', () => {
  const amount = (value: unknown, currency: unknown = 'SEK'): object => ({
    instructedAmount: { currency, amount: value },
  });
  const at = '/authorization_details/0';
  const refusals: readonly (readonly [string, object, string])[] = [
    ['"12.345" SEK', amount('12.345'), `${at}/instructedAmount/amount`],
    ['zero', amount('0.00'), `${at}/instructedAmount/amount`],
    ['a negative amount', amount('-1.00'), `${at}/instructedAmount/amount`],
    ['an amount with a comma', amount('1250,00'), `${at}/instructedAmount/amount`],
    ['an amount that is a number', amount(1250), `${at}/instructedAmount/amount`],
    ['an amount with an exponent', amount('1e3'), `${at}/instructedAmount/amount`],
    ['an amount with a leading zero', amount('01.00'), `${at}/instructedAmount/amount`],
    ['an amount in Arabic digits', amount('١٢'), `${at}/instructedAmount/amount`],
    ['no amount', { instructedAmount: { currency: 'SEK' } }, `${at}/instructedAmount/amount`],
    ['no currency', { instructedAmount: { amount: '1.00' } }, `${at}/instructedAmount/currency`],
    ['a currency in small letters', amount('1.00', 'sek'), `${at}/instructedAmount/currency`],
    ['an unknown currency', amount('1.00', 'XTS'), `${at}/instructedAmount/currency`],
    ['an unknown member', { instructedDate: '2026-12-01' }, `${at}/instructedDate`],
    [
      'an unknown member within',
      { instructedAmount: { currency: 'SEK', amount: '1.00', fee: '9.00' } },
      `${at}/instructedAmount/fee`,
    ],
    ['a later date', { requestedExecutionDate: '2026-12-01' }, `${at}/requestedExecutionDate`],
    ['another type', { type: 'account_information' }, `${at}/type`],
    ['a bad IBAN', { creditorAccount: { iban: 'SE4550000000058398257467' } }, `${at}/creditorAccount/iban`],
    ['a bad bankgiro', { creditorAccount: { bankgiro: '5050-1056' } }, `${at}/creditorAccount/bankgiro`],
    ['a bad plusgiro', { creditorAccount: { plusgiro: '4156502-6' } }, `${at}/creditorAccount/plusgiro`],
    [
      'two accounts',
      { creditorAccount: { bankgiro: '5050-1055', iban: 'SE4550000000058398257466' } },
      `${at}/creditorAccount/bankgiro`,
    ],
    ['a bad debtor IBAN', { debtorAccount: { iban: 'SE4550000000058398257467' } }, `${at}/debtorAccount/iban`],
    [
      'a bad OCR digit',
      { remittanceInformationStructured: { reference: '12345675', referenceType: 'OCR' } },
      `${at}/remittanceInformationStructured/reference`,
    ],
    [
      'a wrong RF check digit',
      { remittanceInformationStructured: { reference: 'RF17539007547034', referenceType: 'RF' } },
      `${at}/remittanceInformationStructured/reference`,
    ],
    [
      'a reference of an unknown type',
      { remittanceInformationStructured: { reference: '12345674', referenceType: 'SCOR' } },
      `${at}/remittanceInformationStructured/referenceType`,
    ],
    ['a payee with our label for the bank', { creditorName: 'X Din bank: Annan' }, `${at}/creditorName`],
    ['a payee with our label in quotation marks', { creditorName: 'X “Belopp”: 1' }, `${at}/creditorName`],
    ['a payee with a line break', { creditorName: 'Elbolaget\nBelopp: 1,00 SEK' }, `${at}/creditorName`],
    ['a payee with a line separator', { creditorName: 'Elbolaget\u2028AB' }, `${at}/creditorName`],
    ['a payee with a bidi control', { creditorName: 'Elbolaget \u202eBA' }, `${at}/creditorName`],
    ['a payee with a bidi isolate', { creditorName: 'Elbolaget\u2066AB' }, `${at}/creditorName`],
    ['a payee with an invisible character', { creditorName: 'El\u200bbolaget AB' }, `${at}/creditorName`],
    ['a payee with a Cyrillic letter', { creditorName: 'Elb\u043elaget AB' }, `${at}/creditorName`],
    ['a payee in fullwidth letters', { creditorName: '\uff25lbolaget AB' }, `${at}/creditorName`],
    ['a payee with a combining mark', { creditorName: 'Elbola\u030aget AB' }, `${at}/creditorName`],
    ['a payee with our own label', { creditorName: 'Kalle Belopp: 1 kr' }, `${at}/creditorName`],
    ['a payee with our label in capitals', { creditorName: 'X BETALAS TILL : Kalle' }, `${at}/creditorName`],
    ['a payee with an English label', { creditorName: 'Kalle pay to: Elbolaget' }, `${at}/creditorName`],
    ['a payee with an amount', { creditorName: 'Rabatt 1,00 SEK' }, `${at}/creditorName`],
    ['a payee of spaces', { creditorName: '   ' }, `${at}/creditorName`],
    ['a payee of 71 letters', { creditorName: 'a'.repeat(71) }, `${at}/creditorName`],
    ['no payee', { creditorName: undefined }, `${at}/creditorName`],
    [
      'a message with a line break',
      { remittanceInformationUnstructured: 'a\r\nb' },
      `${at}/remittanceInformationUnstructured`,
    ],
    [
      'a message with our label',
      { remittanceInformationUnstructured: 'Från konto: ditt' },
      `${at}/remittanceInformationUnstructured`,
    ],
    ['a reference with our label', { endToEndIdentification: 'Belopp: 1' }, `${at}/endToEndIdentification`],
  ];

  it.each(refusals)('%s', async (_name, changes, pointer) => {
    const answer = await refused(() => parties.tpp.postAs('/par', parties.tpp.pushFields({ ...payment, ...changes })));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_authorization_details']);
    expect(String(answer.body['error_description']).split(':')[0]).toBe(pointer);
  });

  it('naming the character that no payer may be shown, and its place', async () => {
    const fields = parties.tpp.pushFields({ ...payment, creditorName: 'Elb\u043elaget AB' });
    const { body } = await refused(() => parties.tpp.postAs('/par', fields));
    expect(body['error_description']).toBe(`${at}/creditorName: Character 4, U+043E, is not permitted.`);
  });

  const documents: readonly (readonly [string, string | undefined, string, string])[] = [
    ['two payments', JSON.stringify([payment, payment]), 'invalid_authorization_details', '/authorization_details/1'],
    ['no payment', '[]', 'invalid_authorization_details', '/authorization_details'],
    ['an object', JSON.stringify(payment), 'invalid_authorization_details', '/authorization_details'],
    ['null', '[null]', 'invalid_authorization_details', '/authorization_details/0'],
    ['no JSON', '[{', 'invalid_authorization_details', '/authorization_details'],
    ['nothing', undefined, 'invalid_request', '/authorization_details'],
  ];

  it.each(documents)('authorization_details with %s', async (_name, details, error, pointer) => {
    const fields = { ...parties.tpp.pushFields(), authorization_details: details };
    const answer = await refused(() => parties.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, error]);
    expect(String(answer.body['error_description']).split(':')[0]).toBe(pointer);
  });

  it('a member named twice, once for the eye and once for the machine', async () => {
    const text = JSON.stringify([payment]).replace('"type"', '"creditorName":"Elbolaget AB","type"');
    const fields = { ...parties.tpp.pushFields(), authorization_details: text };
    const answer = await refused(() => parties.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_authorization_details']);
  });
});
