import { Faults } from '../faults.ts';
import { parseBankPolicy } from './parse-bank-policy.ts';

const large = {
  name: 'large-amounts',
  amountsFrom: { SEK: '10000.00', EUR: '1000', ISK: '150000' },
  ways: ['browser'],
  requirement: { mrtd: true, pinCode: true },
  withoutDocument: { cardReader: 'class2' },
  maxRisk: 'low',
  minBankIdAgeDays: 7,
};
const code = { name: 'code', requirement: { pinCode: true } };

function faultsOf(value: unknown): readonly string[] {
  const faults = new Faults();
  parseBankPolicy(value, faults.at('/policy'));
  return faults.list.map(({ pointer, problem }) => `${pointer} ${problem}`);
}

describe('the policy in the registration of a bank', () => {
  it('is read as it is written', () => {
    const faults = new Faults();
    expect(parseBankPolicy([large, code], faults)).toEqual({ policy: [large, code] });
    expect(parseBankPolicy(undefined, faults)).toEqual({});
    expect(faults.list).toEqual([]);
  });

  it.each<[string, object | readonly object[], string]>([
    ['that is no list', large, '/policy must be an array of 1 to 20 rules'],
    ['without rules', [], '/policy must be an array of 1 to 20 rules'],
    ['with a rule that is no object', [['pinCode']], '/policy/0 must be an object'],
    ['with an unknown member', [{ ...code, minAge: 3 }], '/policy/0/minAge is unknown'],
    ['with a rule without a name', [{ ...code, name: undefined }], '/policy/0/name is missing'],
    ['with a name in capitals', [{ ...code, name: 'Code' }], '/policy/0/name must be a word'],
    ['with two rules of one name', [code, code], '/policy has two rules of one name'],
    ['with a rule that demands nothing', [{ name: 'nothing', ways: ['browser'] }], '/policy/0 demands nothing'],
    ['with an empty requirement', [{ ...code, requirement: {} }], '/policy/0/requirement must be an object with'],
    [
      'with a requirement that is off',
      [{ ...code, requirement: { pinCode: false } }],
      '/requirement/pinCode must be true',
    ],
    ['with an unknown requirement', [{ ...code, requirement: { face: true } }], '/requirement/face is unknown'],
    [
      'with an unknown card reader',
      [{ ...code, requirement: { cardReader: 'class3' } }],
      '/requirement/cardReader must be one of class1, class2',
    ],
    ['with no amounts', [{ ...code, amountsFrom: {} }], '/policy/0/amountsFrom must be an object with an amount'],
    [
      'with an amount that is a number',
      [{ ...code, amountsFrom: { SEK: 10_000 } }],
      '/amountsFrom/SEK must be an amount',
    ],
    ['with an amount of zero', [{ ...code, amountsFrom: { SEK: '0.00' } }], '/amountsFrom/SEK must be an amount'],
    [
      'with decimals that ISK has not',
      [{ ...code, amountsFrom: { ISK: '1.50' } }],
      '/amountsFrom/ISK must be an amount',
    ],
    ['with an unknown currency', [{ ...code, amountsFrom: { USD: '1.00' } }], '/amountsFrom/USD is no supported'],
    [
      'with an unknown way',
      [{ ...code, ways: ['fax'] }],
      '/policy/0/ways must be an array of one or more of browser, app, qr, phone',
    ],
    ['with a way that is a number', [{ ...code, ways: ['app', 7] }], '/policy/0/ways must be an array'],
    [
      'with no way',
      [{ ...code, ways: [] }],
      '/policy/0/ways must be an array of one or more of browser, app, qr, phone',
    ],
    ['with a way twice', [{ ...code, ways: ['phone', 'phone'] }], '/policy/0/ways must be an array'],
    ['with an unknown risk', [{ ...code, maxRisk: 'high' }], '/policy/0/maxRisk must be one of low, moderate'],
    ['with an age of no days', [{ ...code, minBankIdAgeDays: 0 }], '/minBankIdAgeDays must be a whole number'],
    ['with an age as text', [{ ...code, minBankIdAgeDays: '7' }], '/minBankIdAgeDays must be a whole number'],
    ['with an age of years', [{ ...code, minBankIdAgeDays: 5000 }], '/minBankIdAgeDays must be a whole number'],
    ['where a document is the only way', [{ ...large, withoutDocument: undefined }], '/withoutDocument is missing'],
    [
      'where a document takes the place of a document',
      [{ ...large, withoutDocument: { mrtd: true } }],
      '/withoutDocument/mrtd cannot take the place of itself',
    ],
    ['where nothing takes its place', [{ ...large, withoutDocument: {} }], '/withoutDocument must be an object with'],
    ['with a way for no document', [{ ...code, withoutDocument: { pinCode: true } }], '/withoutDocument belongs to'],
    ['with a document in a phone call', [{ ...large, ways: ['phone'] }], '/ways has phone, where BankID reads no'],
    [
      'with a document and a card in one order',
      [large, { name: 'card', requirement: { cardReader: 'class1' } }],
      '/policy requires both mrtd and cardReader',
    ],
  ])('is refused %s', (_what, value, fault) => {
    expect(faultsOf(JSON.parse(JSON.stringify(value)))).toEqual([expect.stringContaining(fault)]);
  });

  it('names all faults at once', () => {
    const faults = faultsOf([
      { ...code, maxRisk: 'none', ways: 'browser' },
      { ...large, name: 7, withoutDocument: 'x' },
    ]);
    expect(faults).toEqual([
      expect.stringContaining('/policy/0/maxRisk '),
      expect.stringContaining('/policy/0/ways '),
      expect.stringContaining('/policy/1/name '),
      expect.stringContaining('/policy/1/withoutDocument '),
    ]);
  });
});
