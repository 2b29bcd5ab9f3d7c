import type { AnchorKind, TrustAnchors } from '../../../src/verification/trust-anchors.ts';
import { policies } from '../../../src/verification/policy.ts';
import type { Report } from '../../../src/verification/report.ts';
import { makeReport } from '../../../src/verification/run/make-report.ts';
import { allChecks, runChecks, type Checks } from '../../../src/verification/run/run-checks.ts';
import type { Row } from '../vectors/row.ts';
import { makeVector, now, type Recipe } from '../vectors/vector.ts';
import type { Changes } from '../vectors/verify.ts';

/** A forgery, the verdict on it, and the check that alone refuses it. */
export interface Attack {
  readonly title: string;
  readonly recipe: Recipe;
  readonly verdict: string;
  readonly check: string;
  /** Later checks that refuse it too. */
  readonly also?: readonly string[];
  readonly changes?: Changes | undefined;
  /** What the given root is taken for; otherwise what its fingerprint says. */
  readonly anchor?: AnchorKind;
}

export const fromRow = ([title, recipe, verdict, check, changes]: Row): Attack => ({
  title,
  recipe,
  verdict,
  check,
  changes,
});

/** The report on an attack upon a consent, by the checks given. */
export function attackReport({ recipe, changes = {}, anchor }: Attack, checks: Checks = allChecks): Report {
  const vector = makeVector(recipe);
  const expectation = { ...vector.expectation, ...changes.expectation };
  return makeReport(
    runChecks(
      {
        completion: { ...vector.completion, ...changes.completion },
        trust: anchor ? takenFor(vector.trust, anchor) : vector.trust,
        policy: policies.bankid,
        time: { now: changes.at ?? now, vouchedAt: undefined },
        purpose: { kind: 'consent', expectation },
      },
      checks,
    ),
  );
}

function takenFor(trust: TrustAnchors, kind: AnchorKind): TrustAnchors {
  return { ...trust, roots: trust.roots.map((root) => ({ ...root, kind })) };
}

/** A change that changed nothing would prove nothing. */
export const changing =
  (change: (xml: string) => string) =>
  (xml: string): string => {
    const result = change(xml);
    if (result === xml) throw new Error('the attack changed nothing');
    return result;
  };
