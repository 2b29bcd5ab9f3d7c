/** Where a text stops being JSON, or has a member twice: line and column count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

type State = keyof typeof expectations;

interface Open {
  readonly closing: '}' | ']';
  /** The members of an object so far. */
  readonly names: Set<string>;
}

const expectations = {
  value: 'expected a value',
  'first-value': 'expected a value or ]',
  'first-name': 'expected the name of a member in double quotes, or }',
  name: 'expected the name of a member in double quotes',
  colon: 'expected a colon',
  'after-item': 'expected a comma or ]',
  'after-member': 'expected a comma or }',
  end: 'expected nothing more',
} as const;

const SPACE = /[ \t\n\r]*/y;
const TOKEN =
  // eslint-disable-next-line no-control-regex -- RFC 8259 §7: control characters are escaped in a string
  /[{}[\],:]|"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/**
 * The first fault of a JSON text that people write, for whom "not JSON" is not enough. It quotes nothing of the text but the name of a
 * member that occurs twice.
 * @see RFC 8259 §2, §4
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: Open[] = [];
  let state: State = 'value';
  for (let at = skipSpace(text, 0); ; at = skipSpace(text, at)) {
    if (at === text.length && state === 'end') return undefined;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const twice = isName(state) && token?.startsWith('"') ? findTwice(token, open) : undefined;
    if (twice !== undefined) return faultAt(text, at, `the member ${twice} occurs twice in its object`);
    const next: State | undefined = token === undefined ? undefined : stateAfter(state, token, open);
    if (next === undefined)
      return faultAt(text, at, at === text.length ? `${expectations[state]}, not the end` : expectations[state]);
    state = next;
    at += token?.length ?? 0;
  }
}

/** Undefined where the token must not stand. */
function stateAfter(state: State, token: string, open: Open[]): State | undefined {
  const innermost = open.at(-1);
  const isClosing = token === innermost?.closing && /^(?:first|after)-/.test(state);
  if (isClosing && (state !== 'first-name' || token === '}')) {
    open.pop();
    return afterValue(open);
  }
  if (token === ',') return state === 'after-item' ? 'value' : state === 'after-member' ? 'name' : undefined;
  if (state === 'colon') return token === ':' ? 'value' : undefined;
  if (isName(state)) return token.startsWith('"') ? 'colon' : undefined;
  if (state !== 'value' && state !== 'first-value') return undefined;
  if (token !== '{' && token !== '[') return /^[\]}:]/.test(token) ? undefined : afterValue(open);
  open.push({ closing: token === '{' ? '}' : ']', names: new Set() });
  return token === '{' ? 'first-name' : 'first-value';
}

function afterValue(open: readonly Open[]): State {
  const innermost = open.at(-1);
  if (!innermost) return 'end';
  return innermost.closing === '}' ? 'after-member' : 'after-item';
}

function isName(state: State): boolean {
  return state === 'name' || state === 'first-name';
}

function findTwice(token: string, open: readonly Open[]): string | undefined {
  const names = open.at(-1)?.names;
  const name = JSON.parse(token) as string;
  if (names?.has(name)) return token;
  names?.add(name);
  return undefined;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function faultAt(text: string, at: number, problem: string): JsonFault {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, problem };
}
