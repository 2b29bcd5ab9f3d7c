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
  checkValue(value, 0);
  return value;
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new SyntaxError('not JSON');
  }
}

/** Looks at all that stands in it, each once, and no deeper than it may be. */
function checkValue(value: JsonValue, depth: number): void {
  if (depth > DEEPEST) throw new SyntaxError('JSON that is too deep');
  if (typeof value === 'string') return checkText(value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).forEach((inner) => checkValue(inner, depth + 1));
  for (const [name, inner] of Object.entries(value)) {
    if (name in Object.prototype) throw new SyntaxError('a JSON member that every object has');
    checkText(name);
    checkValue(inner, depth + 1);
  }
}

function checkText(text: string): void {
  if (!isText(text)) throw new SyntaxError('a JSON string that is no text');
}

/** Whether it can be read on without care for the depth of the recursion. */
export function isShallow(value: JsonValue, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((inner: JsonValue) => isShallow(inner, depth + 1));
}

/** Whether it is Unicode text without U+0000, which PostgreSQL cannot keep. */
export function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
