import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import {
  bool,
  bytes,
  instant,
  int,
  jsonObject,
  optionalBytes,
  optionalInstant,
  optionalText,
  text,
  type Row,
} from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { ConsentId, EvidenceId } from '../../kernel/ids.ts';
import type { WrappedKey } from '../../vault/wrapped-key.ts';
import type { ReadingPurpose } from '../../uploads/purpose.ts';
import type { ExportFormat } from '../export-request.ts';
import type { SavedFiles } from './result/attempt-files.ts';
import {
  exportNames,
  type ClaimedOrder,
  type ExportFailure,
  type ExportOrder,
  type ExportState,
  type OrderedExport,
  type Progress,
} from './export-order.ts';

const columns = `export_id, bank, requested_by, format, from_at, to_at, first_day, last_day, tpp, consent_id,
  names, receipts, purpose, case_reference, ordered_at, expected, state, failure, attempt, consents, erased, size, sha256, ended_at`;

const INSERT_EXPORT_ORDER = statement(
  'compliance.insertExportOrder',
  `with key as (insert into data_key (key_id, subject, kek_id, wrapped) values ($1, $2, $3, $4))
   insert into export_order (export_id, bank, requested_by, format, from_at, to_at, first_day, last_day, tpp, consent_id,
                             names, names_sealed, receipts, purpose, case_reference, ordered_at, begins_at, expected, state)
   values ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
);

/** An order and the data key of its result. It writes export_order and data_key. */
export async function insertExportOrder(
  tx: Tx,
  { keyId, subject, kekId, wrapped }: WrappedKey,
  order: OrderedExport &
    Pick<ExportOrder, 'exportId' | 'orderedAt' | 'expected' | 'state'> &
    Pick<ClaimedOrder, 'namesSealed'> & { readonly beginsAt: Date },
): Promise<void> {
  const { exportId, bank, requestedBy, format, from, to, days, tpp, consentId, purpose, caseReference } = order;
  await execute(tx, INSERT_EXPORT_ORDER, [
    ...[keyId, subject, kekId, wrapped],
    ...[exportId, bank, requestedBy, format, from, to, days?.first ?? null, days?.last ?? null],
    ...[tpp ?? null, consentId ?? null, order.names, order.namesSealed ?? null, order.receipts, purpose],
    ...[caseReference ?? null, order.orderedAt, order.beginsAt, order.expected, order.state],
  ]);
}

const FIND_EXPORT_ORDER = statement(
  'compliance.findExportOrder',
  `select ${columns} from export_order where export_id = $1 and bank = $2 and requested_by = $3`,
);

/** Undefined for an order of another bank or another client. */
export async function findExportOrder(
  scope: Scope,
  exportId: string,
  bank: string,
  requestedBy: string,
): Promise<ExportOrder | undefined> {
  return maybeRow(scope, FIND_EXPORT_ORDER, [exportId, bank, requestedBy], parseOrder);
}

const FIND_EXPORT_ORDER_OF_BANK = statement(
  'compliance.findExportOrderOfBank',
  `select ${columns} from export_order where export_id = $1 and bank = $2`,
);

/** For those who approve: an order of any client. Undefined for one of another bank. */
export async function findExportOrderOfBank(
  scope: Scope,
  exportId: string,
  bank: string,
): Promise<ExportOrder | undefined> {
  return maybeRow(scope, FIND_EXPORT_ORDER_OF_BANK, [exportId, bank], parseOrder);
}

const COUNT_EXPORT_ORDERS = statement(
  'compliance.countExportOrders',
  `select count(*) as n from export_order
    where requested_by = $1 and bank = $2 and state in ('awaiting-approval', 'waiting', 'running', 'ready')`,
);

/** Orders of a client that are open, or have a result. */
export async function countExportOrders(scope: Scope, bank: string, requestedBy: string): Promise<number> {
  const [count] = await rows(scope, COUNT_EXPORT_ORDERS, [requestedBy, bank], (row) => int(row, 'n'));
  return count ?? 0;
}

const CLAIM_EXPORT_ORDER = statement(
  'compliance.claimExportOrder',
  `update export_order
      set state = 'running', attempt = attempt + 1, stalled = stalled + 1, leased_until = $2
    where export_id = (select export_id from export_order
                        where state in ('waiting', 'running') and begins_at <= $1 and stalled < 5
                          and (leased_until is null or leased_until <= $1)
                        order by begins_at limit 1 for update skip locked)
   returning ${columns}, after_at, after_id, saved_attempt, chunks, tails_sealed, names_sealed`,
);

/** The oldest order that is due and under no lease, now leased to this instance. */
export async function claimExportOrder(scope: Scope, now: Date, leasedUntil: Date): Promise<ClaimedOrder | undefined> {
  return maybeRow(scope, CLAIM_EXPORT_ORDER, [now, leasedUntil], (row) => {
    const authorisedAt = optionalInstant(row, 'after_at');
    const saved = authorisedAt && {
      attempt: int(row, 'saved_attempt'),
      after: { authorisedAt, evidenceId: text(row, 'after_id') as EvidenceId },
      chunks: jsonObject(row, 'chunks') as SavedFiles['chunks'],
      tailsSealed: bytes(row, 'tails_sealed'),
    };
    return { ...parseOrder(row), namesSealed: optionalBytes(row, 'names_sealed'), saved };
  });
}

const SAVE_EXPORT_PROGRESS = statement(
  'compliance.saveExportProgress',
  `update export_order
      set after_at = $3, after_id = $4, saved_attempt = $2, chunks = $5, tails_sealed = $6, consents = $7, erased = $8, leased_until = $9, stalled = 0
    where export_id = $1 and attempt = $2 and state = 'running'`,
);

/** @returns false if another attempt has begun, or the order has ended */
export async function saveExportProgress(
  tx: Tx,
  { exportId, attempt }: ClaimedOrder,
  { after, chunks, tailsSealed, consents, erased }: Progress,
  leasedUntil: Date,
): Promise<boolean> {
  const { authorisedAt, evidenceId } = after;
  const values = [exportId, attempt, authorisedAt, evidenceId, chunks, tailsSealed, consents, erased, leasedUntil];
  return (await execute(tx, SAVE_EXPORT_PROGRESS, values)) === 1;
}

const INSERT_EXPORT_MEMBERS = statement(
  'compliance.insertExportMembers',
  `insert into export_member (subject, export_id) select subject, $2 from unnest($1::text[]) as added (subject) order by subject
   on conflict do nothing`,
);

/** @throws where the evidence of one of them was erased meanwhile */
export async function insertExportMembers(scope: Scope, exportId: string, subjects: readonly string[]): Promise<void> {
  if (subjects.length > 0) await execute(scope, INSERT_EXPORT_MEMBERS, [subjects, exportId]);
}

const FINISH_EXPORT_ORDER = statement(
  'compliance.finishExportOrder',
  `update export_order
      set state = 'ready', size = $3, sha256 = $4, consents = $5, erased = $6, ended_at = $7, tails_sealed = null, leased_until = null
    where export_id = $1 and attempt = $2 and state = 'running'`,
);

/** @returns false if another attempt has begun, or the order has ended */
export async function finishExportOrder(
  tx: Tx,
  { exportId, attempt }: ClaimedOrder,
  done: { readonly size: number; readonly sha256: Buffer; readonly consents: number; readonly erased: number },
  now: Date,
): Promise<boolean> {
  const values = [exportId, attempt, done.size, done.sha256, done.consents, done.erased, now];
  return (await execute(tx, FINISH_EXPORT_ORDER, values)) === 1;
}

const RELEASE_EXPORT_ORDER = statement(
  'compliance.releaseExportOrder',
  `update export_order set leased_until = $3, stalled = 0 where export_id = $1 and attempt = $2 and state = 'running'`,
);

/** Any instance may go on from then on. */
export async function releaseExportOrder(scope: Scope, { exportId, attempt }: ClaimedOrder, from: Date): Promise<void> {
  await execute(scope, RELEASE_EXPORT_ORDER, [exportId, attempt, from]);
}

const END_EXPORT_ORDER = statement(
  'compliance.endExportOrder',
  `update export_order
      set state = $2, failure = $3, ended_at = $4, tails_sealed = null, leased_until = null
    where export_id = $1 and state = any ($5) and ($6::int is null or attempt = $6)`,
);

/**
 * Ends an order without a result, or the result that it had, and destroys its key.
 * @param from the states in which it may be
 * @param attempt undefined for any
 * @returns false if it was in none of them, or another attempt has begun
 */
export async function endExportOrder(
  tx: Tx,
  { exportId, attempt }: { readonly exportId: string; readonly attempt?: number },
  end: { readonly from: readonly ExportState[]; readonly state: ExportState; readonly failure?: ExportFailure },
  now: Date,
): Promise<boolean> {
  const values = [exportId, end.state, end.failure ?? null, now, end.from, attempt ?? null];
  return (await execute(tx, END_EXPORT_ORDER, values)) === 1;
}

const SELECT_EXPIRED_EXPORTS = statement(
  'compliance.selectExpiredExports',
  `select ${columns} from export_order where state = 'ready' and ended_at <= $1 order by ended_at limit 100`,
);

const SELECT_UNAPPROVED_EXPORTS = statement(
  'compliance.selectUnapprovedExports',
  `select ${columns} from export_order where state = 'awaiting-approval' and ordered_at <= $1 order by ordered_at limit 100`,
);

/** Orders from before that which await approval still. */
export async function selectUnapprovedExports(scope: Scope, orderedBefore: Date): Promise<readonly ExportOrder[]> {
  return rows(scope, SELECT_UNAPPROVED_EXPORTS, [orderedBefore], parseOrder);
}

/** Results that became ready before that. */
export async function selectExpiredExports(scope: Scope, readyBefore: Date): Promise<readonly ExportOrder[]> {
  return rows(scope, SELECT_EXPIRED_EXPORTS, [readyBefore], parseOrder);
}

const SELECT_STALLED_EXPORTS = statement(
  'compliance.selectStalledExports',
  `select ${columns} from export_order
    where state in ('waiting', 'running') and stalled >= 5 and leased_until <= $1 order by leased_until limit 100`,
);

/** Orders whose attempts came no further. */
export async function selectStalledExports(scope: Scope, now: Date): Promise<readonly ExportOrder[]> {
  return rows(scope, SELECT_STALLED_EXPORTS, [now], parseOrder);
}

const SELECT_LEFTOVER_EXPORTS = statement(
  'compliance.selectLeftoverExports',
  `select ${columns} from export_order
    where state in ('failed', 'expired', 'deleted') and not is_removed and ended_at <= greatest($1::timestamptz, now())
    order by ended_at limit 100`,
);

/** Orders that ended without a result, or whose result has, and whose files may still be there. */
export async function selectLeftoverExports(scope: Scope, now: Date): Promise<readonly ExportOrder[]> {
  return rows(scope, SELECT_LEFTOVER_EXPORTS, [now], parseOrder);
}

const MARK_EXPORTS_REMOVED = statement(
  'compliance.markExportsRemoved',
  'update export_order set is_removed = true where export_id = any ($1::uuid[])',
);

export async function markExportsRemoved(scope: Scope, exportIds: readonly string[]): Promise<void> {
  if (exportIds.length > 0) await execute(scope, MARK_EXPORTS_REMOVED, [exportIds]);
}

function parseOrder(row: Row): ExportOrder {
  return {
    exportId: text(row, 'export_id'),
    bank: text(row, 'bank'),
    requestedBy: text(row, 'requested_by'),
    format: text(row, 'format') as ExportFormat,
    from: instant(row, 'from_at'),
    to: instant(row, 'to_at'),
    days: row['first_day'] === null ? undefined : { first: text(row, 'first_day'), last: text(row, 'last_day') },
    tpp: optionalText(row, 'tpp'),
    consentId: optionalText(row, 'consent_id') as ConsentId | undefined,
    names: exportNames.filter((name) => (row['names'] as readonly unknown[]).includes(name)),
    receipts: bool(row, 'receipts'),
    purpose: text(row, 'purpose') as ReadingPurpose,
    caseReference: optionalText(row, 'case_reference'),
    orderedAt: instant(row, 'ordered_at'),
    expected: int(row, 'expected'),
    state: text(row, 'state') as ExportState,
    failure: optionalText(row, 'failure') as ExportFailure | undefined,
    attempt: int(row, 'attempt'),
    consents: int(row, 'consents'),
    erased: int(row, 'erased'),
    size: row['size'] === null ? undefined : int(row, 'size'),
    sha256: optionalBytes(row, 'sha256'),
    endedAt: optionalInstant(row, 'ended_at'),
  };
}
