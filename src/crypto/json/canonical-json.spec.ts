import { parseJson } from './canonical-json.ts';
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

  it('counts members without recursion', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(parseJson(Buffer.from(deep), 'any')).toHaveLength(1);
  });
});
