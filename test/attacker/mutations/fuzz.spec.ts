import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildNonVisibleData } from '../../../src/payment/non-visible.ts';
import { policies } from '../../../src/verification/policy.ts';
import type { Report } from '../../../src/verification/report.ts';
import { isVerified } from '../../../src/verification/verified-signature.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { personalNumber } from '../../support/vectors/test-pki.ts';
import { facts, makeVector, now, type Recipe } from '../../support/vectors/vector.ts';
import { exportedReportOf, folder, textOf } from '../../support/vectors/verify.ts';
import {
  applyChange,
  recipeOf,
  snippets,
  targets,
  type Change,
  type FuzzInput,
} from '../../support/attacks/fuzz-input.ts';

/**
 * Mutations upon mutations. An input that is refused for a reason not seen before is where the next ones start from:
 * what guides the search are the verifier's own words. `FUZZ_RUNS=100000` searches long, and adds what it finds to the
 * corpus; without it the run is short and the same each time.
 */
const corpusFile = new URL('corpus/inputs.json', import.meta.url);
const long = Number(process.env['FUZZ_RUNS'] ?? 0);
const corpus = JSON.parse(readFileSync(corpusFile, 'utf8')) as FuzzInput[];
const reasons = new Set<string>();

const place = fc.nat(65_535);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.constant('flip' as const), place, fc.nat(7)),
  fc.tuple(fc.constant('set' as const), place, fc.nat(255)),
  fc.tuple(fc.constant('delete' as const), place, fc.integer({ min: 1, max: 64 })),
  fc.tuple(fc.constant('copy' as const), place, place, fc.integer({ min: 1, max: 600 })),
  fc.tuple(fc.constant('insert' as const), place, fc.nat(snippets.length - 1)),
  fc.tuple(fc.constant('tag' as const), place, fc.nat(snippets.length - 1)),
);
const fresh: fc.Arbitrary<FuzzInput> = fc.record({
  target: fc.constantFrom(...targets),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
});
const grown = fc
  .tuple(fc.nat(9_999), fc.array(change, { minLength: 1, maxLength: 2 }))
  .map(([from, more]): FuzzInput => {
    const base = corpus[from % corpus.length]!;
    return { ...base, changes: [...base.changes, ...more].slice(-6) };
  });

function reportsOf(input: FuzzInput): readonly Report[] {
  const content = contentOf(input);
  const vector = makeVector(content ?? recipeOf(input));
  const result = verifyConsent(vector.completion, vector.expectation, {
    trust: vector.trust,
    policy: policies.bankid,
    now,
  });
  const asFolder = { consentJson: consentSaidBy(content?.nonVisibleData) ?? folder.consentJson, copies: undefined };
  return [isVerified(result) ? result.report : result, exportedReportOf(vector, asFolder)];
}

/** consent.json as it would be made of these data, valid or not. */
function consentSaidBy(nonVisibleData: Uint8Array | null | undefined): Buffer | undefined {
  if (!nonVisibleData) return undefined;
  try {
    const members = Object.entries(JSON.parse(String(nonVisibleData)) as JsonObject);
    const occasion = ['nonce', 'orderedAt', 'template'];
    return Buffer.from(JSON.stringify(Object.fromEntries(members.filter(([name]) => !occasion.includes(name)))));
  } catch {
    return Buffer.from(nonVisibleData);
  }
}

/** Texts that the payer signed: the signature is sound, and says something else. */
function contentOf({ target, changes }: FuzzInput): Recipe | undefined {
  const mangle = (bytes: Uint8Array): Buffer => changes.reduce(applyChange, Buffer.from(bytes));
  if (target === 'nonVisibleData') return { nonVisibleData: mangle(buildNonVisibleData(facts)) };
  return target === 'visibleText' ? { visibleText: mangle(Buffer.from(textOf(facts))).toString() } : undefined;
}

/** Whatever passes is this payment by this payer, in other spelling at most. Crashing is the other way to fail. */
function isSafe(input: FuzzInput): boolean {
  const reports = reportsOf(input);
  for (const { checks } of reports) {
    for (const { id, status, detail } of checks) {
      const reason = `${id} ${detail.replace(/\d+/g, 'n')}`;
      if (status === 'passed' || reasons.has(reason)) continue;
      reasons.add(reason);
      if (!corpus.includes(input)) corpus.push(input);
    }
  }
  return reports.every(
    ({ indication, visibleText, signer }) =>
      indication !== 'TOTAL-PASSED' || (visibleText === textOf(facts) && signer?.personalNumber === personalNumber),
  );
}

describe('the verifier under fuzz', () => {
  it('neither crashes on the corpus nor passes any of it', () => {
    expect([...corpus].filter((input) => !isSafe(input))).toEqual([]);
    expect(reasons.size).toBeGreaterThan(30);
  });

  it('neither crashes on mutations of it nor passes what was not signed', () => {
    const options = long > 0 ? { numRuns: long } : { numRuns: 500, seed: 20_261_122 };
    fc.assert(fc.property(fc.oneof(fresh, grown), isSafe), options);
    if (long > 0) writeFileSync(corpusFile, `${JSON.stringify(corpus)}\n`);
  }, 3_600_000);
});
