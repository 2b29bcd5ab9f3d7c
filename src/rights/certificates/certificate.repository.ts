import { maybeRow, rows, type Scope } from '../../database/database.ts';
import { bytes, instant, int, optionalInstant, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** An erasure that is done, as its certificate tells it. */
export interface DoneErasure {
  readonly bank: string;
  readonly caseReference: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly approvedBy: string;
  readonly approvedWith: string;
  readonly approvedAt: Date;
  readonly doneAt: Date;
  /** When the last of them was erased; undefined where none was. */
  readonly erasedAt: Date | undefined;
  readonly erased: number;
  readonly held: number;
  readonly retained: number;
  readonly gone: number;
}

const SELECT_DONE = statement(
  'rights.selectDoneErasure',
  `select r.bank, r.case_reference, r.requested_by, r.requested_at, d.decided_by, d.login, d.decided_at, s.done_at, o.erased_at,
          o.erased, o.held, o.retained, o.gone
     from steward_request r
     join steward_decision d on d.request_id = r.id and d.decision = 'approved'
     join steward_result s on s.request_id = r.id and s.kind = 'done'
     cross join lateral (
       select max(decided_at) filter (where outcome = 'erased') as erased_at, count(*) filter (where outcome = 'erased') as erased,
              count(*) filter (where outcome = 'held') as held, count(*) filter (where outcome = 'retained') as retained,
              count(*) filter (where outcome = 'gone') as gone
         from steward_outcome where request_id = r.id) o
    where r.id = $1 and r.action = 'erase'`,
);

export async function selectDoneErasure(scope: Scope, id: string): Promise<DoneErasure | undefined> {
  return maybeRow(scope, SELECT_DONE, [id], (row) => ({
    bank: text(row, 'bank'),
    caseReference: text(row, 'case_reference'),
    requestedBy: text(row, 'requested_by'),
    requestedAt: instant(row, 'requested_at'),
    approvedBy: text(row, 'decided_by'),
    approvedWith: text(row, 'login'),
    approvedAt: instant(row, 'decided_at'),
    doneAt: instant(row, 'done_at'),
    erasedAt: optionalInstant(row, 'erased_at'),
    erased: int(row, 'erased'),
    held: int(row, 'held'),
    retained: int(row, 'retained'),
    gone: int(row, 'gone'),
  }));
}

/** Evidence that was erased, by its place in the ledger. */
export interface ErasedLeaf {
  readonly number: number;
  readonly digest: Buffer;
}

const SELECT_LEAVES = statement(
  'rights.selectErasedLeaves',
  `select l.number, l.digest
     from steward_outcome o join evidence e on e.subject = o.subject join ledger_leaf l on l.evidence_id = e.id
    where o.request_id = $1 and o.outcome = 'erased'
   union all
   select l.number, l.digest
     from steward_outcome o join returned_evidence e on e.subject = o.subject
     join ledger_leaf l on l.bank = e.bank and l.number = e.number
    where o.request_id = $1 and o.outcome = 'erased'
    order by number`,
);

export async function selectErasedLeaves(scope: Scope, id: string): Promise<readonly ErasedLeaf[]> {
  return rows(scope, SELECT_LEAVES, [id], (row) => ({ number: int(row, 'number'), digest: bytes(row, 'digest') }));
}

/** An export that held erased evidence. */
export interface ExportOfErased {
  readonly exportId: string;
  readonly requestedBy: string;
  readonly orderedAt: Date;
}

const SELECT_EXPORTS = statement(
  'rights.selectExportsOfErased',
  `select x.export_id, x.requested_by, x.ordered_at
     from (select distinct m.export_id
             from steward_outcome o join export_member m on m.subject = o.subject
            where o.request_id = $1 and o.outcome = 'erased') h
     join export_order x on x.export_id = h.export_id
    order by x.ordered_at, x.export_id`,
);

export async function selectExportsOfErased(scope: Scope, id: string): Promise<readonly ExportOfErased[]> {
  return rows(scope, SELECT_EXPORTS, [id], (row) => ({
    exportId: text(row, 'export_id'),
    requestedBy: text(row, 'requested_by'),
    orderedAt: instant(row, 'ordered_at'),
  }));
}
