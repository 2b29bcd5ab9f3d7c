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

/** Deeper than anything that we accept. Much deeper JSON would exhaust the stack of recursive readers. */
const DEEPEST = 32;

/**
 * Foreign JSON, made safe for the code that reads it further: no more than 32 levels, and all text in it is Unicode that
 * PostgreSQL can keep, with neither half of a surrogate pair nor U+0000. No member has a name that every object has, and none
 * stands twice.
 * @throws SyntaxError that quotes nothing of it
 * @see RFC 8259 §4, §8.2, §9
 */
export function parseJsonText(text: string): JsonValue {
  const value = parse(text);
  checkValue(value, 0);
  if (hasMemberTwice(text, value)) throw new SyntaxError('a JSON member that stands twice');
  return value;
}

/**
 * Whether an object of the text, at any depth, has a member twice: some readers take the first, others the last.
 * @param value what JSON.parse made of the text
 */
export function hasMemberTwice(text: string, value: JsonValue): boolean {
  return countNames(text) !== countMembers(value);
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

/** How many member names a JSON text has: strings before a colon. */
function countNames(text: string): number {
  let names = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    let next = endOfString(text, start) + 1;
    while (text.charCodeAt(next) <= SPACE) next += 1;
    if (text.charCodeAt(next) === COLON) names += 1;
    start = text.indexOf('"', next);
  }
  return names;
}

const SPACE = 0x20;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Where the quote is that ends the string which begins at `start`: the next that is not escaped. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
}

/** How many members its value has. Without recursion: depth costs no stack. */
function countMembers(root: JsonValue): number {
  const open = [root];
  let members = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inner: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const one of inner) open.push(one);
  }
  return members;
}
