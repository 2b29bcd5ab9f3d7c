export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: JsonValue;
}

/** Whether `value`, which came out of JSON, is an object (and not an array or null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !Buffer.isBuffer(value)
  );
}

/** Deeper than anything that we take. What is deeper by far ends in the recursion of whoever reads on. */
const DEEPEST = 32;

/**
 * Somebody else's JSON, so that it can be read on without care: no more than 32 levels, and all text in it is Unicode that
 * PostgreSQL can keep, with neither half of a surrogate pair nor U+0000. No member has a name that every object has.
 * @throws SyntaxError that quotes nothing of it
 * @see RFC 8259 §8.2, §9
 */
export function parseJsonText(text: string): JsonValue {
  const value = parse(text);
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw new SyntaxError('JSON that is too deep');
    level = level.flatMap(membersOf);
  }
  return value;
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new SyntaxError('not JSON');
  }
}

/** What stands in an array or object, its names included. A string is looked at here. */
function membersOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value === 'string' && !isText(value)) throw new SyntaxError('a JSON string that is no text');
  if (Array.isArray(value)) return value as readonly JsonValue[];
  if (!isJsonObject(value)) return [];
  const names = Object.keys(value);
  if (names.some((name) => name in Object.prototype)) throw new SyntaxError('a JSON member that every object has');
  return [...names, ...Object.values(value)];
}

/** Whether it is Unicode text without U+0000, which PostgreSQL cannot keep. */
export function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
