import fc from 'fast-check';
import { isNeverMet, judge, requirementOf, type BankPolicy, type BankRule, type SigningFacts } from './bank-policy.ts';
import { ways as allWays } from './channel.ts';
import { currencyDecimals, parseMoney, type Currency, type Money } from './money.ts';

const currencies = Object.keys(currencyDecimals) as Currency[];
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const defined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

const amount: fc.Arbitrary<Money> = fc.record({
  currency: fc.constantFrom(...currencies),
  amountMinor: fc.bigInt({ min: 1n, max: 100_000_00n }),
});
const card = fc.constantFrom('class1', 'class2');
const withoutDocument = fc.constantFrom(
  { pinCode: true },
  { cardReader: 'class2' },
  { pinCode: true, cardReader: 'class1' },
);
const demand = fc.oneof(
  fc.record({ requirement: fc.constantFrom({ mrtd: true }, { mrtd: true, pinCode: true }), withoutDocument }),
  fc.record({ requirement: fc.record({ cardReader: card }) }),
  fc.constant({ requirement: { pinCode: true } }),
  fc.constant({}),
);
const limits = fc.record({
  name: fc.string(),
  amountsFrom: optional(fc.dictionary(fc.constantFrom(...currencies), fc.integer({ min: 1, max: 90_000 }).map(String))),
  ways: optional(fc.subarray([...allWays], { minLength: 1 })),
  maxRisk: optional(fc.constantFrom('low', 'moderate')),
  minBankIdAgeDays: optional(fc.integer({ min: 1, max: 400 })),
});
const rule = fc.tuple(limits, demand).map(([limit, made]) => ({ ...defined(limit), ...made }) as BankRule);
const policy: fc.Arbitrary<BankPolicy> = fc.array(rule, { maxLength: 5 });

const answered = fc
  .record({
    amount,
    way: fc.constantFrom(...allWays),
    demanded: fc
      .record({ pinCode: optional(fc.constant(true)), mrtd: optional(fc.constant(true)), cardReader: optional(card) })
      .map(defined),
    isDocumentRead: optional(fc.boolean()),
    risk: optional(fc.constantFrom('low', 'moderate', 'high', 'severe')),
    bankIdIssueDate: optional(
      fc.constantFrom('2020-01-01', '2026-11-29', '2026-11-30', '2027-01-01', '2026-02-30', ''),
    ),
    orderedAt: fc.constant(new Date('2026-11-30T12:00:00Z')),
  })
  .map((facts) => facts as SigningFacts);

const best: SigningFacts = {
  amount: parseMoney('SEK', '1000.00', ''),
  way: 'browser',
  demanded: {},
  isDocumentRead: true,
  risk: 'low',
  bankIdIssueDate: '2000-01-01',
  orderedAt: new Date('2026-11-30T12:00:00Z'),
};
const outcomeOf = (rules: BankPolicy, facts: SigningFacts): string => judge(rules, facts).outcome;

describe('the policy of a bank', () => {
  it('is met by an order that carried its demands, by a BankID that is old enough, at low risk', () => {
    fc.assert(
      fc.property(policy, amount, fc.boolean(), (rules, money, asksForDocument) => {
        const payment = { amount: money, way: 'browser' } as const;
        const demanded = requirementOf(rules, payment, asksForDocument);
        expect(outcomeOf(rules, { ...best, ...payment, demanded })).toBe('met');
      }),
    );
  });

  it('is not met any more when a demand was left out of the order', () => {
    fc.assert(
      fc.property(policy, amount, (rules, money) => {
        const payment = { amount: money, way: 'browser' } as const;
        const demanded = requirementOf(rules, payment, true);
        // Without mrtd an order is the one for a payer whose document cannot be read.
        fc.pre(demanded.mrtd === undefined && Object.keys(demanded).length > 0);
        expect(outcomeOf(rules, { ...best, ...payment, demanded: {} })).toBe('not-met');
      }),
    );
  });

  it('never becomes lenient by a fact that is missing', () => {
    const facts = ['isDocumentRead', 'risk', 'bankIdIssueDate'] as const;
    fc.assert(
      fc.property(policy, answered, fc.constantFrom(...facts), (rules, given, missing) => {
        const without = judge(rules, { ...given, [missing]: undefined });
        if (outcomeOf(rules, given) === 'not-met') expect(without.outcome).toBe('not-met');
        const needing = { isDocumentRead: 'mrtd', risk: 'maxRisk', bankIdIssueDate: 'minBankIdAgeDays' }[missing];
        const conditions = without.rules.flatMap((one) =>
          one.conditions.filter(({ condition }) => condition === needing),
        );
        for (const condition of conditions) expect(condition).toMatchObject({ found: null, met: false });
      }),
    );
  });

  it('applies a rule to every amount of a currency that the rule does not name', () => {
    fc.assert(
      fc.property(rule, answered, (one, given) => {
        const anyWay: BankRule = { ...one, ways: allWays };
        fc.pre(anyWay.amountsFrom?.[given.amount.currency] === undefined);
        expect(judge([anyWay], given).rules[0]).toMatchObject({ amountFrom: null });
        expect(judge([anyWay], given).rules[0]?.outcome).not.toBe('not-applicable');
      }),
    );
  });

  it('is never easier for a larger amount, and never by another rule', () => {
    fc.assert(
      fc.property(policy, rule, answered, fc.bigInt({ min: 0n, max: 100_000_00n }), (rules, other, given, more) => {
        fc.pre(outcomeOf(rules, given) === 'not-met');
        const larger = { ...given.amount, amountMinor: given.amount.amountMinor + more };
        expect(outcomeOf(rules, { ...given, amount: larger })).toBe('not-met');
        expect(outcomeOf([...rules, other], given)).toBe('not-met');
      }),
    );
  });

  it('never asks for an identity document in a phone call, and lets no rule with one be met there', () => {
    fc.assert(
      fc.property(policy, answered, fc.boolean(), (rules, given, asksForDocument) => {
        const payment = { amount: given.amount, way: 'phone' } as const;
        const demanded = requirementOf(rules, payment, asksForDocument);
        expect(demanded).not.toHaveProperty('mrtd');
        const { rules: outcomes } = judge(rules, { ...best, ...payment, demanded });
        const withDocument = outcomes.filter((_, index) => rules[index]?.requirement?.mrtd);
        for (const { outcome } of withDocument) expect(outcome).not.toBe('met');
        expect(isNeverMet(rules, payment)).toBe(withDocument.some(({ outcome }) => outcome === 'not-met'));
        expect(isNeverMet(rules, { ...payment, way: 'app' })).toBe(false);
      }),
    );
  });

  it('asks a payer whose document could not be read for the other way, and for no document', () => {
    const rules: BankPolicy = [
      { name: 'id', requirement: { mrtd: true }, withoutDocument: { cardReader: 'class2' } },
      { name: 'code', requirement: { pinCode: true } },
    ];
    const payment = { amount: best.amount, way: 'browser' } as const;
    expect(requirementOf(rules, payment, true)).toEqual({ mrtd: true, pinCode: true });
    const demanded = requirementOf(rules, payment, false);
    expect(demanded).toEqual({ pinCode: true, cardReader: 'class2' });
    const judged = judge(rules, { ...best, demanded, isDocumentRead: undefined });
    expect(judged.rules.map(({ outcome, documentReplaced }) => [outcome, documentReplaced])).toEqual([
      ['met', true],
      ['met', false],
    ]);
  });

  it.each([
    ['2026-11-23', '7', true],
    ['2026-11-24', '6', false],
    ['2026-12-01', '-1', false],
    ['2026-02-30', null, false],
    ['20261101', null, false],
    ['2026-11-01T00:00:00Z', null, false],
  ])('finds a BankID of %s %s days old', (bankIdIssueDate, found, met) => {
    const [judged] = judge([{ name: 'age', minBankIdAgeDays: 7 }], { ...best, bankIdIssueDate }).rules;
    expect(judged?.conditions).toEqual([{ condition: 'minBankIdAgeDays', required: '7', found, met }]);
  });

  it.each([
    ['low', 'low', true],
    ['low', 'moderate', false],
    ['moderate', 'moderate', true],
    ['moderate', 'high', false],
    ['moderate', 'severe', false],
  ] as const)('with a risk of at most %s, judges %s', (maxRisk, risk, met) => {
    expect(outcomeOf([{ name: 'risk', maxRisk }], { ...best, risk })).toBe(met ? 'met' : 'not-met');
  });

  it('does not take one class of card reader for a better one', () => {
    const required = (cardReader: 'class1' | 'class2'): BankPolicy => [{ name: 'card', requirement: { cardReader } }];
    expect(outcomeOf(required('class2'), { ...best, demanded: { cardReader: 'class1' } })).toBe('not-met');
    expect(outcomeOf(required('class1'), { ...best, demanded: { cardReader: 'class2' } })).toBe('met');
  });
});
