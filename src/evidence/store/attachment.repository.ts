import { step, type Step } from '../../platform/composition.ts';
import { REQUEST_OBJECT } from './request-object.ts';

export interface AttachedParams {
  readonly now: Date;
}

/** Keeps the request object that the step `source` gives with its evidence: columns evidence_id, sealed. */
export function attached(source: string): Step<AttachedParams> {
  return step(
    'attached',
    `insert into evidence_attachment (id, evidence_id, kind, sealed, stored_at)
     select gen_random_uuid(), s.evidence_id, '${REQUEST_OBJECT}', s.sealed, $now::timestamptz from ${source} s`,
  );
}
