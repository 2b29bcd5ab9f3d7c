import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bool, bytes, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { WrappedKey } from '../../vault/wrapped-key.ts';

/** A leaf whose evidence is lost. */
export interface LostLeaf {
  readonly bank: string;
  readonly number: number;
}

const SELECT_LOST = statement(
  'ledger.selectLostLeaf',
  `select l.bank, l.number from ledger_leaf l
    where l.bank = any($1) and l.digest = $2 and l.kind = 'lost'
      and not exists (select from returned_evidence r where r.bank = l.bank and r.number = l.number)`,
);

/** The lost leaves of this digest, to which nothing has been brought back. */
export async function selectLost(scope: Scope, banks: readonly string[], digest: Buffer): Promise<readonly LostLeaf[]> {
  return rows(scope, SELECT_LOST, [banks, digest], (row) => ({ bank: text(row, 'bank'), number: int(row, 'number') }));
}

const WAS_ERASED = statement(
  'ledger.wasSubjectErased',
  `select exists (select from audit_event where subject = $1 and type = 'evidence.erased') as erased`,
);

/** Whether what belongs to the consent was erased at the end of its retention. */
export async function wasErased(scope: Scope, subject: string): Promise<boolean> {
  return (await maybeRow(scope, WAS_ERASED, [subject], (row) => bool(row, 'erased'))) === true;
}

/** What is kept of evidence that was brought back. */
export interface ReturnedEvidence extends LostLeaf {
  readonly evidenceId: string;
  /** The consent's, which names the data key. */
  readonly subject: string;
  readonly sealed: Buffer;
  readonly retentionEndsAt: Date;
}

const INSERT_RETURNED = statement(
  'ledger.insertReturned',
  `with new_key as (
     insert into data_key (key_id, subject, kek_id, wrapped)
     select $7::uuid, $4, $8::text, $9::bytea where $7::uuid is not null)
   insert into returned_evidence (bank, number, evidence_id, subject, sealed, retention_ends_at)
   values ($1, $2, $3, $4, $5, $6)`,
);

/**
 * Keeps evidence that was brought back. It writes returned_evidence and data_key.
 * @param key where the consent has none yet
 */
export async function insertReturned(tx: Tx, evidence: ReturnedEvidence, key: WrappedKey | undefined): Promise<void> {
  const { bank, number, evidenceId, subject, sealed, retentionEndsAt } = evidence;
  const ofKey = [key?.keyId ?? null, key?.kekId ?? null, key?.wrapped ?? null];
  await execute(tx, INSERT_RETURNED, [bank, number, evidenceId, subject, sealed, retentionEndsAt, ...ofKey]);
}

const SELECT_RETURNED = statement(
  'ledger.selectReturned',
  'select evidence_id, subject, sealed from returned_evidence where bank = $1 and number = $2',
);

/** What was brought back to a leaf. */
export async function selectReturned(
  scope: Scope,
  { bank, number }: LostLeaf,
): Promise<Pick<ReturnedEvidence, 'evidenceId' | 'subject' | 'sealed'> | undefined> {
  return maybeRow(scope, SELECT_RETURNED, [bank, number], (row) => ({
    evidenceId: text(row, 'evidence_id'),
    subject: text(row, 'subject'),
    sealed: bytes(row, 'sealed'),
  }));
}
