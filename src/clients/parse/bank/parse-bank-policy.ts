import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import type { BankPolicy, BankRule, Requirement } from '../../../payment/bank-policy.ts';
import { ways } from '../../../payment/channel.ts';
import { AMOUNT, currencyDecimals, isCurrency } from '../../../payment/money.ts';
import type { Client } from '../../clients.ts';
import { MAX_AGE_DAYS, MAX_RULES, RULE_NAME } from '../../members/forms.ts';
import { escape, type Faults } from '../faults.ts';
import { parseText, parseWhole, parseWord, parseWords } from '../parse-words.ts';

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
const risks = ['low', 'moderate'] as const;
const readers = ['class1', 'class2'] as const;

/** `policy`: the bank's rules for signatures of payments. */
export function parseBankPolicy(value: unknown, faults: Faults): Pick<Client, 'policy'> {
  if (value === undefined) return {};
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RULES) {
    faults.addForm('', value, `an array of 1 to ${MAX_RULES} rules`);
    return {};
  }
  const rules = value.map((rule: unknown, index) => parseRule(rule, faults.at(`/${index}`)));
  checkRules(rules, faults);
  return { policy: rules };
}

function parseRule(value: unknown, faults: Faults): BankRule {
  if (!isJsonObject(value)) return { name: faults.addForm('', value, 'an object: a rule with a name') };
  faults.addUnknown(value, MEMBERS);
  const { name, requirement, maxRisk, minBankIdAgeDays } = value;
  parseText(name, { pattern: RULE_NAME }, 'a word of 1 to 40 of a-z, 0-9 and -', faults.at('/name'));
  if (requirement === undefined && maxRisk === undefined && minBankIdAgeDays === undefined)
    faults.add('', 'demands nothing: it needs requirement, maxRisk or minBankIdAgeDays');
  if (maxRisk !== undefined) parseWord(maxRisk, risks, faults.at('/maxRisk'));
  if (minBankIdAgeDays !== undefined)
    parseWhole(minBankIdAgeDays, { min: 1, max: MAX_AGE_DAYS }, faults.at('/minBankIdAgeDays'));
  if (value['amountsFrom'] !== undefined) checkAmounts(value['amountsFrom'], faults.at('/amountsFrom'));
  if (value['ways'] !== undefined) parseWords(value['ways'], ways, faults.at('/ways'));
  checkRequirements(value, faults);
  // Nothing was found wrong with its members, or it is never used.
  return value as unknown as BankRule;
}

/** Amounts by currency, as text, e.g. `{"SEK": "5000.00"}`: at least one. */
export function checkAmounts(value: unknown, faults: Faults): void {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  if (entries.length === 0) faults.addForm('', value, 'an object with an amount for at least one currency');
  for (const [currency, amount] of entries) {
    if (!isCurrency(currency))
      faults.add(
        `/${escape(currency)}`,
        `is no supported currency; supported are ${Object.keys(currencyDecimals).join(', ')}`,
      );
    else if (!isAmount(amount, currencyDecimals[currency]))
      faults.addForm(
        `/${currency}`,
        amount,
        `an amount above zero, as text, e.g. "${currencyDecimals[currency] === 0 ? '5000' : '5000.00'}"`,
      );
  }
}

function isAmount(value: unknown, decimals: number): boolean {
  if (typeof value !== 'string' || !AMOUNT.test(value)) return false;
  return (value.split('.')[1] ?? '').length <= decimals;
}

/** An identity document is never the only way, and no phone call reads one. */
function checkRequirements({ requirement, withoutDocument, ways }: JsonObject, faults: Faults): void {
  const demand = requirement === undefined ? {} : checkRequirement(requirement, faults.at('/requirement'));
  if (demand.mrtd !== true) {
    if (withoutDocument !== undefined)
      faults.add('/withoutDocument', 'belongs to a requirement with mrtd, which this rule has not');
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
  if (Object.keys(members).length === 0) faults.addForm('', value, 'an object with pinCode, mrtd or cardReader');
  faults.addUnknown(members, REQUIREMENTS);
  if (pinCode !== undefined && pinCode !== true) faults.addForm('/pinCode', pinCode, 'true; leave it out otherwise');
  if (mrtd !== undefined && mrtd !== true) faults.addForm('/mrtd', mrtd, 'true; leave it out otherwise');
  if (cardReader !== undefined) parseWord(cardReader, readers, faults.at('/cardReader'));
  return members;
}

/** All rules of a policy may apply to one order. */
function checkRules(rules: BankPolicy, faults: Faults): void {
  if (new Set(rules.map(({ name }) => name)).size !== rules.length)
    faults.addBeyondSchema('', 'has two rules of one name; each needs its own');
  const demands = rules.map(({ requirement }) => (isJsonObject(requirement) ? (requirement as Requirement) : {}));
  if (demands.some(({ mrtd }) => mrtd) && demands.some(({ cardReader }) => cardReader))
    faults.addBeyondSchema('', 'requires both mrtd and cardReader, which no order can have: a card reads no documents');
}
