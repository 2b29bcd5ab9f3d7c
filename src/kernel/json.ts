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
 * Parses JSON from outside. The result is safe to work with: at most 32 levels deep, and all text in it is Unicode that
 * PostgreSQL can store, without unpaired surrogates and U+0000. No member is named like a property of every object, and none
 * occurs twice.
 * @throws SyntaxError whose message is a sentence for the party that sent the text, and does not quote it
 * @see RFC 8259 §4, §8.2, §9
 */
export function parseJsonText(text: string): JsonValue {
  const value = parse(text);
  checkValue(value, 0);
  if (hasMemberTwice(text, value)) throw new SyntaxError('A member of this JSON occurs twice.');
  return value;
}

/** The sentence about a text that {@link parseJsonText} refused. @throws any other error */
export function jsonFaultOf(error: unknown): string {
  if (error instanceof SyntaxError) return error.message;
  throw error;
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
    throw new SyntaxError('This is not JSON.');
  }
}

/** Visits each value once, and stops at the depth limit. */
function checkValue(value: JsonValue, depth: number): void {
  if (depth > DEEPEST) throw new SyntaxError(`This JSON is nested deeper than ${DEEPEST} levels.`);
  if (typeof value === 'string') return checkText(value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).forEach((inner) => checkValue(inner, depth + 1));
  for (const [name, inner] of Object.entries(value)) {
    if (name in Object.prototype)
      throw new SyntaxError('A member of this JSON has a name that is not accepted, such as constructor.');
    checkText(name);
    checkValue(inner, depth + 1);
  }
}

function checkText(text: string): void {
  if (!isText(text)) throw new SyntaxError('A text in this JSON is not Unicode, or has the character U+0000.');
}

/** Whether recursive code can read it without exhausting the stack. */
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

/** The index of the quote that ends the string that begins at `start`: the next one that is not escaped. */
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
