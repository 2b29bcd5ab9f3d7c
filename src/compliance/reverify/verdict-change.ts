import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Report } from '../../verification/report.ts';

/** A verdict that is no longer what it was when the evidence was stored. No personal data. */
export interface VerdictChange {
  readonly evidenceId: string;
  readonly consentId: string;
  readonly bank: string;
  readonly kind: string;
  readonly was: string;
  readonly is: string;
  readonly checks: readonly {
    readonly id: string;
    readonly was: string;
    readonly is: string;
    readonly detail: string;
  }[];
}

/** `INDETERMINATE/TRY_LATER`, or `TOTAL-PASSED`. */
export function verdictWord(indication: string, subIndication: string | null | undefined): string {
  return subIndication ? `${indication}/${subIndication}` : indication;
}

/** Which checks ended otherwise than in the report that was stored. A check that is new was `absent`. */
export function changedChecks(stored: JsonObject, today: Report): VerdictChange['checks'] {
  const rows = Array.isArray(stored['checks']) ? stored['checks'] : [];
  const before = new Map(rows.filter(isJsonObject).map(({ id, status }) => [id, status]));
  return today.checks.flatMap(({ id, status, detail }) => {
    const was = before.get(id);
    return was === status ? [] : [{ id, was: typeof was === 'string' ? was : 'absent', is: status, detail }];
  });
}
