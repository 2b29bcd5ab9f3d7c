import { maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bytes, int } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { EvidenceId } from '../../kernel/ids.ts';

/** A part of a bundle, sealed: 1 is the container with its first seal, the others are further seals. */
export interface SealedPart {
  readonly number: number;
  readonly sealed: Buffer;
}

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
