import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';

/** The account that the bank may add, where the payer left it open. */
const MAY_BE_ADDED = 'debtorAccount';

/**
 * The JSON pointer of the first member in which a payment differs from the signed one, '' where none does; never a value. Both are in
 * their wire form, and amounts and accounts so in their normal form.
 * @see RFC 6901
 */
export function firstDifference(signed: JsonObject, executed: JsonObject): string {
  const names = new Set([...Object.keys(signed), ...Object.keys(executed)]);
  for (const name of names) {
    if (name === MAY_BE_ADDED && !Object.hasOwn(signed, name)) continue;
    const inner = difference(signed[name], executed[name]);
    if (inner !== undefined) return `/${name}${inner}`;
  }
  return '';
}

/** '' if the values themselves differ, a pointer if a member does. An account of another kind is another account. */
function difference(one: JsonValue | undefined, other: JsonValue | undefined): string | undefined {
  if (one === other) return undefined;
  if (!isJsonObject(one) || !isJsonObject(other)) return '';
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length || names.some((name) => !Object.hasOwn(other, name))) return '';
  const name = names.find((each) => difference(one[each], other[each]) !== undefined);
  return name === undefined ? undefined : `/${name}`;
}
