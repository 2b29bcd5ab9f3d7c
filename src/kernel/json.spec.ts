import fc from 'fast-check';
import { hasMemberTwice, parseJsonText, type JsonValue } from './json.ts';

describe('JSON from outside', () => {
  it('is read as it is', () => {
    const value = { name: 'Åsa 😀', list: [1, true, null, { deep: [[[]]] }], empty: {} };
    expect(parseJsonText(JSON.stringify(value))).toEqual(value);
    expect(parseJsonText('"text"')).toBe('text');
    expect(parseJsonText(`${'['.repeat(32)}${']'.repeat(32)}`)).toHaveLength(1);
  });

  it('has no member twice when it was written from a value, however it is spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(hasMemberTwice(text, JSON.parse(text) as JsonValue)).toBe(false);
      }),
    );
  });

  it.each([
    ['no JSON', '{"a":'],
    ['a list too deep', `${'['.repeat(34)}${']'.repeat(34)}`],
    ['ten thousand lists in each other', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['ten thousand objects in each other', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a name with U+0000', '{"\\u0000":1}'],
    ['a value with U+0000', '{"a":["\\u0000"]}'],
    ['an object with a constructor', '{"a":{"constructor":1}}'],
    ['an object with a prototype', '{"__proto__":1}'],
    ['half a surrogate pair', '["\\ud800"]'],
    ['the other half of it', '{"a\\udc00":1}'],
    ['a member twice', '{"a":1,"a":1}'],
    ['a member twice, deep inside', '[{"a":{"b":[{"c":1,"d":2,"c":3}]}}]'],
    ['a member twice, once escaped', '{"amount":1,"\\u0061mount":2}'],
    ['a member twice, with space before the colon', '{"a" \n:1, "b":2, "a"\t:1}'],
    ['a member twice, between strings that end in backslashes', '{"x":"\\\\","a":"\\"a\\":1","y":1,"y":"\\\\\\""}'],
  ])('is refused, and not quoted, when it is %s', (_name, text) => {
    expect(() => parseJsonText(text)).toThrow(SyntaxError);
    expect(() => parseJsonText(`["1990 01 01"${text}`)).toThrow(/^(?!.*1990)(?:This|A) .+\.$/);
  });
});
