import { findObject } from '../../crypto/json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { conditionNames, ruleOutcomes, type PolicyOutcome } from '../../payment/bank-policy.ts';

/**
 * What circumstances.json says of the bank's policy: the word of the service, which no signature covers. Undefined where it says
 * nothing of one, or not in the form in which the service writes it.
 */
export function findRecordedPolicy(circumstances: Uint8Array | undefined): PolicyOutcome | undefined {
  const recorded = findObject(circumstances)?.['bankPolicy'];
  return isPolicyOutcome(recorded) ? recorded : undefined;
}

function isPolicyOutcome(value: JsonValue | undefined): value is JsonValue & PolicyOutcome {
  if (!isJsonObject(value) || !hasMembers(value, ['outcome', 'rules'])) return false;
  const { outcome, rules } = value;
  return (outcome === 'met' || outcome === 'not-met') && Array.isArray(rules) && rules.every(isRuleOutcome);
}

function isRuleOutcome(value: unknown): boolean {
  const members = ['name', 'outcome', 'amountFrom', 'documentReplaced', 'conditions'];
  if (!isJsonObject(value) || !hasMembers(value, members)) return false;
  const { name, outcome, amountFrom, documentReplaced, conditions } = value;
  return (
    typeof name === 'string' &&
    ruleOutcomes.some((known) => known === outcome) &&
    isTextOrNull(amountFrom) &&
    typeof documentReplaced === 'boolean' &&
    Array.isArray(conditions) &&
    conditions.every(isCondition)
  );
}

function isCondition(value: unknown): boolean {
  if (!isJsonObject(value) || !hasMembers(value, ['condition', 'required', 'found', 'met'])) return false;
  const { condition, required, found, met } = value;
  const isKnown = conditionNames.some((known) => known === condition);
  return isKnown && typeof required === 'string' && isTextOrNull(found) && typeof met === 'boolean';
}

function hasMembers(object: JsonObject, names: readonly string[]): boolean {
  return Object.keys(object).length === names.length && names.every((name) => Object.hasOwn(object, name));
}

function isTextOrNull(value: JsonValue | undefined): boolean {
  return value === null || typeof value === 'string';
}
