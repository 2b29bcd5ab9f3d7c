import fc from 'fast-check';
import { findJsonFault } from './json-fault.ts';

describe('the fault of a JSON text', () => {
  it.each([
    ['', 1, 1, 'expected a value, not the end'],
    ['[\n  {"a": 1,}\n]', 2, 11, 'expected the name of a member in double quotes'],
    ['[\n  {"a": 1}\n  {"b": 2}\n]', 3, 3, 'expected a comma or ]'],
    ["[{'a': 1}]", 1, 3, 'expected the name of a member in double quotes, or }'],
    ['{"a" 1}', 1, 6, 'expected a colon'],
    ['{"a": 01}', 1, 7, 'expected a value'],
    ['{"a": "two\nlines"}', 1, 7, 'expected a value'],
    ['{"a": 1', 1, 8, 'expected a comma or }, not the end'],
    ['[1, 2]]', 1, 7, 'expected nothing more'],
    ['[1, ]', 1, 5, 'expected a value'],
    ['[}', 1, 2, 'expected a value or ]'],
    ['// a comment\n[]', 1, 1, 'expected a value'],
    ['{"a": {"b": 1, "c": 2,\n "b": 3}}', 2, 2, 'the member "b" occurs twice in its object'],
  ])('of %j is found at line %i, column %i', (text, line, column, problem) => {
    expect(findJsonFault(text)).toEqual({ line, column, problem });
  });

  it('is not found in JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (text, spaces) => {
        expect(findJsonFault(JSON.stringify(JSON.parse(text), null, spaces))).toBeUndefined();
      }),
    );
  });

  it('is found in every text that is not JSON, and in no other', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '1', 'x', ':', '\\', '\n'));
    fc.assert(
      fc.property(broken, ([json, place, put]) => {
        const at = place % (json.length + 1);
        const text = json.slice(0, at) + put + json.slice(at + 1);
        const fault = findJsonFault(text);
        if (fault?.problem.includes('twice')) return;
        expect(fault === undefined).toBe(isJson(text));
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
