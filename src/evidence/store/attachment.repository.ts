import { maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bytes, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { ConsentId, EvidenceId } from '../../kernel/ids.ts';
import type { EvidenceSummary } from '../evidence.ts';

/** A part of a bundle, sealed: 1 is the container with its first seal, the others are further seals. */
export interface SealedPart {
  readonly number: number;
  readonly sealed: Buffer;
}

/** Whose bundle it is. */
export type BundleOwner = Pick<EvidenceSummary, 'evidenceId' | 'consentId' | 'bank'>;

const SELECT_PARTS = statement(
  'evidence.selectBundleParts',
  `select number, sealed from evidence_attachment
    where evidence_id = $1 and kind in ('bundle', 'seal')
    order by number`,
);

export async function selectBundleParts(scope: Scope, evidenceId: EvidenceId): Promise<readonly SealedPart[]> {
  return rows(scope, SELECT_PARTS, [evidenceId], (row) => ({
    number: int(row, 'number'),
    sealed: bytes(row, 'sealed'),
  }));
}

const INSERT_PART = statement(
  'evidence.insertBundlePart',
  `insert into evidence_attachment (id, evidence_id, kind, number, sealed, stored_at)
   values (gen_random_uuid(), $1, case $2::smallint when 1 then 'bundle' else 'seal' end, $2, $3, $4)
   on conflict (evidence_id, kind, number) do nothing
   returning id`,
);

/** Whether it was inserted: another one may have its number already, which then stays. */
export async function insertBundlePart(
  tx: Tx,
  evidenceId: EvidenceId,
  { number, sealed }: SealedPart,
  storedAt: Date,
): Promise<boolean> {
  return (await maybeRow(tx, INSERT_PART, [evidenceId, number, sealed, storedAt], () => true)) ?? false;
}

const SELECT_OWNERS = statement(
  'evidence.selectBundleOwners',
  `select e.id, e.consent_id, e.bank
     from evidence_attachment a join evidence e on e.id = a.evidence_id
    where a.kind = 'bundle' and a.number = 1 and a.evidence_id > $1::uuid
    order by a.evidence_id
    limit $2`,
);

/** The next page of evidence that has a bundle, in order of id. */
export async function selectBundleOwners(
  scope: Scope,
  after: EvidenceId,
  limit: number,
): Promise<readonly BundleOwner[]> {
  return rows(scope, SELECT_OWNERS, [after, limit], (row) => ({
    evidenceId: text(row, 'id') as EvidenceId,
    consentId: text(row, 'consent_id') as ConsentId,
    bank: text(row, 'bank'),
  }));
}
