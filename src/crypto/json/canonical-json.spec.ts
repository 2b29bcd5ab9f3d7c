import type { JsonValue } from '../../kernel/json.ts';
import { canonicalJson, parseJson } from './canonical-json.ts';
import { Malformed } from '../malformed.ts';

describe('JSON in files that others made', () => {
  it.each(['{"a":1,"a":2}', '{"a":{"b":1,"b" : 1}}', '[{"a":1},{"a":1,"\\u0061":2}]'])('refuses %s', (text) => {
    expect(() => parseJson(Buffer.from(text), 'any')).toThrow(Malformed);
  });

  it.each(['{"a":"\\"b\\":1"}', '{"a\\":":":", "b":["x","y:"]}', '{"__proto__":{"a":1}}', '"a"', '[]', 'null'])(
    'reads %s',
    (text) => {
      expect(parseJson(Buffer.from(text), 'any')).toEqual(JSON.parse(text));
    },
  );

  it.each(['["\\ud800"]', '{"\\uDFFF":1}', '["\\ud83d\\u0041"]', '[1e400]', '[-1E+999]', `[${'9'.repeat(400)}]`])(
    'refuses %s, which has no canonical form',
    (text) => {
      expect(() => parseJson(Buffer.from(text), 'any')).toThrow(Malformed);
      expect(() => canonicalJson(JSON.parse(text) as JsonValue)).toThrow(Malformed);
    },
  );

  it.each(['["\\ud83d\\ude00"]', '[1e3,1.5E-400]', `["${'9'.repeat(400)}"]`])('reads %s', (text) => {
    expect(parseJson(Buffer.from(text), 'any')).toEqual(JSON.parse(text));
  });

  it('counts members without recursion', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(parseJson(Buffer.from(deep), 'any')).toHaveLength(1);
  });
});
