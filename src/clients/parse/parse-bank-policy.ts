import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { BankPolicy, BankRule, Requirement } from '../../payment/bank-policy.ts';
import { isWay, ways } from '../../payment/channel.ts';
import { AMOUNT, currencyDecimals, isCurrency } from '../../payment/money.ts';
import type { Client } from '../clients.ts';
import type { Faults } from './faults.ts';

const MEMBERS: ReadonlySet<string> = new Set([
  'name',
  'amountsFrom',
  'ways',
  'requirement',
  'withoutDocument',
  'maxRisk',
  'minBankIdAgeDays',
]);
const REQUIREMENTS: ReadonlySet<string> = new Set(['pinCode', 'mrtd', 'cardReader']);
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const MAX_RULES = 20;
const MAX_AGE_DAYS = 3650;

/** `policy`: the bank's rules for signatures of payments. */
export function parseBankPolicy(value: unknown, faults: Faults): Pick<Client, 'policy'> {
  if (value === undefined) return {};
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RULES) {
    faults.add('', `is not an array of 1 to ${MAX_RULES} rules`);
    return {};
  }
  const rules = value.map((rule: unknown, index) => parseRule(rule, faults.at(`/${index}`)));
  checkRules(rules, faults);
  return { policy: rules };
}

function parseRule(value: unknown, faults: Faults): BankRule {
  if (!isJsonObject(value)) return { name: faults.add('', 'is not an object') };
  faults.addUnknown(value, MEMBERS);
  const { name, requirement, maxRisk, minBankIdAgeDays } = value;
  if (typeof name !== 'string' || !NAME.test(name)) faults.add('/name', 'is not a word of a-z, 0-9 and -');
  if (requirement === undefined && maxRisk === undefined && minBankIdAgeDays === undefined)
    faults.add('', 'demands nothing: it needs requirement, maxRisk or minBankIdAgeDays');
  if (maxRisk !== undefined && maxRisk !== 'low' && maxRisk !== 'moderate')
    faults.add('/maxRisk', 'is not low or moderate');
  if (minBankIdAgeDays !== undefined && !isAge(minBankIdAgeDays))
    faults.add('/minBankIdAgeDays', `is not a whole number from 1 to ${MAX_AGE_DAYS}`);
  if (value['amountsFrom'] !== undefined) checkAmounts(value['amountsFrom'], faults.at('/amountsFrom'));
  if (value['ways'] !== undefined) checkWays(value['ways'], faults);
  checkRequirements(value, faults);
  // Nothing was found wrong with its members, or it is never used.
  return value as unknown as BankRule;
}

function isAge(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_AGE_DAYS;
}

/** Amounts by currency, as text, e.g. `{"SEK": "5000.00"}`: at least one. */
export function checkAmounts(value: unknown, faults: Faults): void {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  if (entries.length === 0) faults.add('', 'is not an object with an amount for at least one currency');
  for (const [currency, amount] of entries) {
    if (!isCurrency(currency)) faults.add(`/${currency}`, 'is not a supported currency');
    else if (!isAmount(amount, currencyDecimals[currency]))
      faults.add(
        `/${currency}`,
        `is not an amount above zero, as text, e.g. "${currency === 'ISK' ? '5000' : '5000.00'}"`,
      );
  }
}

function isAmount(value: unknown, decimals: number): boolean {
  if (typeof value !== 'string' || !AMOUNT.test(value)) return false;
  return (value.split('.')[1] ?? '').length <= decimals;
}

function checkWays(value: unknown, faults: Faults): void {
  const named: readonly unknown[] = Array.isArray(value) ? value : [];
  if (named.length === 0 || !named.every(isWay) || new Set(named).size !== named.length)
    faults.add('/ways', `is not an array of one or more of ${ways.join(', ')}, each once`);
}

/** An identity document is never the only way, and no phone call reads one. */
function checkRequirements({ requirement, withoutDocument, ways }: JsonObject, faults: Faults): void {
  const demand = requirement === undefined ? {} : checkRequirement(requirement, faults.at('/requirement'));
  if (demand.mrtd !== true) {
    if (withoutDocument !== undefined) faults.add('/withoutDocument', 'belongs to a requirement with mrtd');
    return;
  }
  if (Array.isArray(ways) && ways.includes('phone'))
    faults.add('/ways', 'has phone, where BankID reads no documents: leave out phone, or mrtd');
  if (withoutDocument === undefined) {
    faults.add('/withoutDocument', 'is missing: what is demanded of a payer whose document cannot be read');
    return;
  }
  if (checkRequirement(withoutDocument, faults.at('/withoutDocument')).mrtd !== undefined)
    faults.add('/withoutDocument/mrtd', 'cannot take the place of itself');
}

function checkRequirement(value: unknown, faults: Faults): Requirement {
  const members = isJsonObject(value) ? value : {};
  const { pinCode, mrtd, cardReader } = members;
  if (Object.keys(members).length === 0) faults.add('', 'is not an object with pinCode, mrtd or cardReader');
  faults.addUnknown(members, REQUIREMENTS);
  if (pinCode !== undefined && pinCode !== true) faults.add('/pinCode', 'is not true');
  if (mrtd !== undefined && mrtd !== true) faults.add('/mrtd', 'is not true');
  if (cardReader !== undefined && cardReader !== 'class1' && cardReader !== 'class2')
    faults.add('/cardReader', 'is not class1 or class2');
  return members;
}

/** All rules of a policy may apply to one order. */
function checkRules(rules: BankPolicy, faults: Faults): void {
  if (new Set(rules.map(({ name }) => name)).size !== rules.length) faults.add('', 'has two rules of one name');
  const demands = rules.map(({ requirement }) => (isJsonObject(requirement) ? (requirement as Requirement) : {}));
  if (demands.some(({ mrtd }) => mrtd) && demands.some(({ cardReader }) => cardReader))
    faults.add('', 'requires both mrtd and cardReader, which no order can have: a card reads no documents');
}
