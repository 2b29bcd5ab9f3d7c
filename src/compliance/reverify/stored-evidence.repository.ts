import { LEAST_UUID, type EvidenceId } from '../../kernel/ids.ts';
import type { Period } from '../../audit/period.ts';
import { rows, type Scope } from '../../database/database.ts';
import { bytes, instant, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** Evidence of a period, and who was to sign. */
export interface StoredEvidence {
  readonly evidenceId: EvidenceId;
  readonly bank: string;
  readonly subject: string;
  readonly consentId: string;
  readonly storedAt: Date;
  readonly loginHintSealed: Buffer | undefined;
}

const SELECT_STORED_EVIDENCE = statement(
  'compliance.selectStoredEvidence',
  `select e.id, e.bank, e.subject, e.consent_id, e.stored_at, c.login_hint_sealed
     from evidence e
     left join consent c on c.id = e.consent_id
    where (e.stored_at, e.id) > ($1, $2::uuid) and e.stored_at < $3
    order by e.stored_at, e.id
    limit $4`,
);

/** The next page in order of storing, after the last evidence of the page before. */
export async function selectStoredEvidence(
  scope: Scope,
  { from, to }: Period,
  after: StoredEvidence | undefined,
  limit: number,
): Promise<readonly StoredEvidence[]> {
  const values = [after?.storedAt ?? from, after?.evidenceId ?? LEAST_UUID, to, limit];
  return rows(scope, SELECT_STORED_EVIDENCE, values, parseStored);
}

const FIND_ORDERS_WITHOUT_EVIDENCE = statement(
  'compliance.findOrdersWithoutEvidence',
  `select o.id as order_id from unnest($1::uuid[]) with ordinality o (id, place)
    where not exists (select from evidence e where e.order_id = o.id)
      and not exists (select from identification i where i.order_id = o.id)
    order by o.place`,
);

/** Which of the orders have given no evidence, neither of a consent nor of a login. */
export async function findOrdersWithoutEvidence(scope: Scope, orderIds: readonly string[]): Promise<readonly string[]> {
  return rows(scope, FIND_ORDERS_WITHOUT_EVIDENCE, [orderIds], (row) => text(row, 'order_id'));
}

function parseStored(row: Row): StoredEvidence {
  return {
    evidenceId: text(row, 'id') as EvidenceId,
    bank: text(row, 'bank'),
    subject: text(row, 'subject'),
    consentId: text(row, 'consent_id'),
    storedAt: instant(row, 'stored_at'),
    loginHintSealed: row['login_hint_sealed'] === null ? undefined : bytes(row, 'login_hint_sealed'),
  };
}
