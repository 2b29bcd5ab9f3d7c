import type { JsonObject } from '../../kernel/json.ts';
import { firstDifference } from './first-difference.ts';

const signed: JsonObject = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '50501055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};
const without = (name: string): JsonObject =>
  Object.fromEntries(Object.entries(signed).filter(([key]) => key !== name));

describe('the pointer of what differs from the signed payment', () => {
  it.each<[string, JsonObject, string]>([
    ['nothing', signed, ''],
    ['the amount', { ...signed, instructedAmount: { currency: 'SEK', amount: '1250.01' } }, '/instructedAmount/amount'],
    [
      'the currency',
      { ...signed, instructedAmount: { currency: 'EUR', amount: '1250.00' } },
      '/instructedAmount/currency',
    ],
    ['the payee', { ...signed, creditorName: 'Exempelbutiken' }, '/creditorName'],
    ['the number of the account', { ...signed, creditorAccount: { bankgiro: '9912346' } }, '/creditorAccount/bankgiro'],
    ['the kind of account', { ...signed, creditorAccount: { plusgiro: '50501055' } }, '/creditorAccount'],
    ['a reference that is left out', without('remittanceInformationStructured'), '/remittanceInformationStructured'],
    [
      'a text that was not signed',
      { ...signed, remittanceInformationUnstructured: 'x' },
      '/remittanceInformationUnstructured',
    ],
    ['an account to debit, which the bank may add', { ...signed, debtorAccount: { iban: 'SE1' } }, ''],
  ])('names %s', (_, executed, pointer) => {
    expect(firstDifference(signed, executed)).toBe(pointer);
  });

  it('names another account to debit than the signed one', () => {
    const named = { ...signed, debtorAccount: { iban: 'SE1' } };
    expect(firstDifference(named, { ...signed, debtorAccount: { iban: 'SE2' } })).toBe('/debtorAccount/iban');
    expect(firstDifference(named, signed)).toBe('/debtorAccount');
  });
});
