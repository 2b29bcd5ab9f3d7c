import fc from 'fast-check';
import { findRecordedPolicy } from './recorded-policy.ts';

const condition = { condition: 'maxRisk', required: 'low', found: null, met: false };
const rule = { name: 'risk', outcome: 'not-met', amountFrom: null, documentReplaced: false, conditions: [condition] };
const recorded = { outcome: 'not-met', rules: [rule] };

const found = (bankPolicy: unknown) => findRecordedPolicy(Buffer.from(JSON.stringify({ bankPolicy })));

const without = (object: object, name: string): object =>
  Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));

describe('what circumstances.json says of the policy of a bank', () => {
  it('is read as the service writes it', () => {
    expect(found(recorded)).toEqual(recorded);
    const unconditional = { outcome: 'met', rules: [{ ...rule, outcome: 'not-applicable', conditions: [] }] };
    expect(found(unconditional)).toEqual(unconditional);
  });

  it('is nothing where the file is missing, is no JSON, or does not mention it', () => {
    for (const bytes of [undefined, Buffer.from('{'), Buffer.from('[]'), Buffer.from('{"order":{}}')])
      expect(findRecordedPolicy(bytes)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ...Object.keys(recorded).map((name): [string, unknown] => [`without ${name}`, without(recorded, name)]),
    ...Object.keys(rule).map((name): [string, unknown] => [
      `with a rule without ${name}`,
      { ...recorded, rules: [without(rule, name)] },
    ]),
    ...Object.keys(condition).map((name): [string, unknown] => [
      `with a condition without ${name}`,
      { ...recorded, rules: [{ ...rule, conditions: [without(condition, name)] }] },
    ]),
    ['with another member', { ...recorded, comment: '' }],
    ['with another outcome', { ...recorded, outcome: 'not-applicable' }],
    [
      'with a condition that has no name yet',
      { ...recorded, rules: [{ ...rule, conditions: [{ ...condition, condition: 'face' }] }] },
    ],
    ['with a name that every object has', { ...recorded, rules: [{ ...rule, outcome: 'constructor' }] }],
  ])('is not repeated %s', (_what, bankPolicy) => {
    expect(found(bankPolicy)).toBeUndefined();
  });

  it('never stops the verification', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('rules', 'conditions', 'condition'), (value, place) => {
        const conditions = place === 'conditions' ? value : [place === 'condition' ? value : condition];
        const read = found({ outcome: 'met', rules: place === 'rules' ? value : [{ ...rule, conditions }] });
        expect([undefined, 'met']).toContain(read?.outcome);
      }),
    );
  });
});
