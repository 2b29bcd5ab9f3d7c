import fc from 'fast-check';
import { inspect } from '../../../src/cli/verify/inspect.ts';
import { buildNonVisibleData } from '../../../src/payment/non-visible.ts';
import { personalNumber } from '../../support/vectors/test-pki.ts';
import { facts, makeVector, relyingPartyName, textOf } from '../../support/vectors/vector.ts';

const vector = makeVector();
const xml = Buffer.from(vector.completion.signature, 'base64');
const ocsp = Buffer.from(vector.completion.ocspResponse ?? '', 'base64');

/** Everything in the material that says something about a person, as text and as base64 of it. */
const personal = [
  personalNumber,
  'Anna',
  'Andersson',
  'Elbolaget',
  'Betaltjänst',
  // The amount as it is written; four digits alone may be a length.
  '1250.00',
  '1250,00',
  '1 250',
  facts.consentId,
  facts.nonce,
  relyingPartyName,
  'Vektorbanken',
  ...[
    textOf(facts),
    Buffer.from(buildNonVisibleData(facts)),
    relyingPartyName,
    personalNumber,
    'Anna Andersson',
  ].flatMap((value) => {
    const text = Buffer.from(value).toString('base64').replace(/=+$/, '');
    return [text.slice(0, 24), text.slice(-24)];
  }),
];

function leaks(bytes: Buffer): readonly string[] {
  const shown = JSON.stringify(inspect(bytes));
  return personal.filter((secret) => shown.includes(secret));
}

/** One change somewhere, as a broken file has it: a byte, a cut, an insertion. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), with: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), with: fc.constant(0) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), with: fc.integer({ min: 0, max: 255 }) }),
);

function apply(
  bytes: Buffer,
  changes: readonly { kind: 'byte' | 'cut' | 'insert'; at: number; with: number }[],
): Buffer {
  return changes.reduce((before, { kind, at, with: value }) => {
    const place = at % Math.max(1, before.length);
    if (kind === 'cut') return before.subarray(0, place);
    const rest = before.subarray(kind === 'insert' ? place : place + 1);
    return Buffer.concat([before.subarray(0, place), Buffer.from([value]), rest]);
  }, bytes);
}

describe('what sigill inspect shows a stranger', () => {
  const forms: readonly (readonly [string, Buffer])[] = [
    ['a signature', xml],
    ['a signature in base64', Buffer.from(vector.completion.signature)],
    ['an OCSP response', ocsp],
    ['an OCSP response in base64', Buffer.from(vector.completion.ocspResponse ?? '')],
    ['a root', Buffer.from(vector.rootPem)],
  ];

  it.each(forms)('holds no personal data of %s', (_title, bytes) => {
    expect(inspect(bytes)['kind']).not.toBe('unknown');
    expect(leaks(bytes)).toEqual([]);
  });

  it.each(forms)('holds none of %s that was changed anywhere: an error quotes nothing', (_title, bytes) => {
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      expect(leaks(apply(bytes, changes))).toEqual([]);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('holds none of a document that says what it should not, where it should not', () => {
    const text = xml.toString('utf8');
    const places = [...text.matchAll(/[<>"= ]/g)].map(({ index }) => index);
    const property = fc.property(fc.constantFrom(...places), fc.constantFrom('Anna', personalNumber), (at, secret) => {
      expect(leaks(Buffer.from(`${text.slice(0, at)}${secret}${text.slice(at)}`))).toEqual([]);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
