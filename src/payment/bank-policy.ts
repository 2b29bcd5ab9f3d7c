import { DAY_MS, findDay } from '../kernel/clock.ts';
import type { JsonValue } from '../kernel/json.ts';
import type { Way } from './channel.ts';
import { parseMoney, type Currency, type Money } from './money.ts';

/** What an order demands of BankID besides the signature. `mrtd`: that the app reads the payer's identity document. */
export interface Requirement {
  readonly pinCode?: true;
  readonly mrtd?: true;
  readonly cardReader?: 'class1' | 'class2';
}

/** A bank's rule for signatures of payments, as registered. Plain JSON, because it is kept with each order. */
export interface BankRule {
  readonly name: string;
  /** By currency, the amount from which it applies. In a currency that is not named, it applies to every amount. */
  readonly amountsFrom?: Readonly<Partial<Record<Currency, string>>>;
  /** Undefined: however the payer is reached. */
  readonly ways?: readonly Way[];
  readonly requirement?: Requirement;
  /** Demanded in place of `requirement` of a payer whose document could not be read. There with `mrtd`, and only there. */
  readonly withoutDocument?: Requirement;
  readonly maxRisk?: 'low' | 'moderate';
  readonly minBankIdAgeDays?: number;
}

/** All rules that apply must be met. */
export type BankPolicy = readonly BankRule[];

/** By which a rule applies. */
export interface OrderedPayment {
  readonly amount: Money;
  readonly way: Way;
}

/** Facts about an answered order; undefined where BankID did not report one. */
export interface SigningFacts extends OrderedPayment {
  readonly demanded: Requirement;
  readonly isDocumentRead: boolean | undefined;
  readonly risk: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly bankIdIssueDate: string | undefined;
  readonly orderedAt: Date;
}

export const conditionNames = ['pinCode', 'mrtd', 'cardReader', 'maxRisk', 'minBankIdAgeDays'] as const;

/** One condition of a rule, and what was found. */
export interface ConditionOutcome {
  readonly condition: (typeof conditionNames)[number];
  readonly required: string;
  /** Null: no such fact. */
  readonly found: string | null;
  readonly met: boolean;
}

export const ruleOutcomes = ['met', 'not-met', 'not-applicable'] as const;

export interface RuleOutcome {
  readonly name: string;
  readonly outcome: (typeof ruleOutcomes)[number];
  /** The registered amount in the payment's currency; null where there is none. */
  readonly amountFrom: string | null;
  /** Whether `withoutDocument` was demanded in place of the requirement. */
  readonly documentReplaced: boolean;
  /** Empty for a rule that does not apply. */
  readonly conditions: readonly ConditionOutcome[];
}

export interface PolicyOutcome {
  readonly outcome: 'met' | 'not-met';
  readonly rules: readonly RuleOutcome[];
}

/**
 * What an order must demand by all rules that apply to it.
 * @param asksForDocument false after an order of the same payment has failed: then a rule with `mrtd`, which is never the only way,
 *   demands what it has in place of it
 */
export function requirementOf(policy: BankPolicy, payment: OrderedPayment, asksForDocument: boolean): Requirement {
  const rules = policy.filter((rule) => isApplicable(rule, payment));
  const demands = rules.map(({ requirement = {}, withoutDocument = {} }) =>
    requirement.mrtd && !asksForDocument ? withoutDocument : requirement,
  );
  const readers = demands.map(({ cardReader }) => cardReader);
  const cardReader = (['class2', 'class1'] as const).find((reader) => readers.includes(reader));
  return {
    ...(demands.some(({ pinCode }) => pinCode) ? { pinCode: true } : {}),
    // BankID reads no documents in a phone call; there such a rule refuses.
    ...(payment.way !== 'phone' && demands.some(({ mrtd }) => mrtd) ? { mrtd: true } : {}),
    ...(cardReader ? { cardReader } : {}),
  };
}

/** Whether a rule that applies can never be met: in a phone call BankID reads no documents, and nothing stands in for one. */
export function isNeverMet(policy: BankPolicy, payment: OrderedPayment): boolean {
  return payment.way === 'phone' && policy.some((rule) => rule.requirement?.mrtd && isApplicable(rule, payment));
}

/** Whether {@link requirementOf} can depend on `asksForDocument`. */
export function readsDocuments(policy: BankPolicy): boolean {
  return policy.some(({ requirement }) => requirement?.mrtd);
}

/** Each rule with its outcome. A condition whose fact is missing is not met. */
export function judge(policy: BankPolicy, facts: SigningFacts): PolicyOutcome {
  const rules = policy.map((rule) => judgeRule(rule, facts));
  return { outcome: rules.some(({ outcome }) => outcome === 'not-met') ? 'not-met' : 'met', rules };
}

/** Both consist of nothing but JSON. */
export function policyToJson(policy: BankPolicy | PolicyOutcome): JsonValue {
  return JSON.parse(JSON.stringify(policy)) as JsonValue;
}

function isApplicable({ ways, amountsFrom }: BankRule, { way, amount }: OrderedPayment): boolean {
  if (ways && !ways.includes(way)) return false;
  const from = amountsFrom?.[amount.currency];
  return from === undefined || amount.amountMinor >= parseMoney(amount.currency, from, '').amountMinor;
}

function judgeRule(rule: BankRule, facts: SigningFacts): RuleOutcome {
  const { name, amountsFrom } = rule;
  const amountFrom = amountsFrom?.[facts.amount.currency] ?? null;
  if (!isApplicable(rule, facts)) {
    return { name, outcome: 'not-applicable', amountFrom, documentReplaced: false, conditions: [] };
  }
  const instead = facts.way === 'phone' || facts.demanded.mrtd ? undefined : rule.withoutDocument;
  const conditions = [
    ...judgeRequirement(instead ?? rule.requirement ?? {}, facts),
    ...judgeRisk(rule.maxRisk, facts),
    ...judgeAge(rule.minBankIdAgeDays, facts),
  ];
  const outcome = conditions.every(({ met }) => met) ? 'met' : 'not-met';
  return { name, outcome, amountFrom, documentReplaced: instead !== undefined, conditions };
}

/** BankID signs no order whose demands are not met. That a document was read it reports besides. */
function judgeRequirement(
  { pinCode, mrtd, cardReader }: Requirement,
  { demanded, isDocumentRead }: SigningFacts,
): readonly ConditionOutcome[] {
  const read = demanded.mrtd && isDocumentRead;
  const reader = demanded.cardReader;
  return [
    ...(pinCode ? [condition('pinCode', true, demanded.pinCode, demanded.pinCode === true)] : []),
    ...(mrtd ? [condition('mrtd', true, read, read === true)] : []),
    ...(cardReader ? [condition('cardReader', cardReader, reader, reader === 'class2' || reader === cardReader)] : []),
  ];
}

const accepted: Readonly<Record<'low' | 'moderate', readonly string[]>> = {
  low: ['low'],
  moderate: ['low', 'moderate'],
};

function judgeRisk(maxRisk: BankRule['maxRisk'], { risk }: SigningFacts): readonly ConditionOutcome[] {
  if (maxRisk === undefined) return [];
  return [condition('maxRisk', maxRisk, risk, risk !== undefined && accepted[maxRisk].includes(risk))];
}

function judgeAge(
  minDays: number | undefined,
  { bankIdIssueDate, orderedAt }: SigningFacts,
): readonly ConditionOutcome[] {
  if (minDays === undefined) return [];
  const days = bankIdIssueDate === undefined ? undefined : daysSince(bankIdIssueDate, orderedAt);
  return [condition('minBankIdAgeDays', minDays, days, days !== undefined && days >= minDays)];
}

/** Whole days by the date in UTC, which is never later than the date in Sweden. Undefined for what is no date. */
function daysSince(date: string, now: Date): number | undefined {
  const day = findDay(date);
  return day && Math.floor((now.getTime() - day.getTime()) / DAY_MS);
}

function condition(
  name: ConditionOutcome['condition'],
  required: string | number | true,
  found: string | number | boolean | undefined,
  met: boolean,
): ConditionOutcome {
  return { condition: name, required: String(required), found: found === undefined ? null : String(found), met };
}
