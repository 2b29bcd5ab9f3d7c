import type { EvidenceId } from '../../kernel/ids.ts';
import type { Period } from '../../audit/period.ts';
import { rows, type Scope } from '../../database/database.ts';
import { bytes, instant, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** Evidence of a period, with what was kept before it: BankID's answer as received, and who was to sign. */
export interface StoredEvidence {
  readonly evidenceId: EvidenceId;
  readonly bank: string;
  readonly subject: string;
  readonly consentId: string;
  readonly orderId: string;
  readonly storedAt: Date;
  readonly answerSealed: Buffer | undefined;
  readonly loginHintSealed: Buffer | undefined;
}

const SELECT_STORED_EVIDENCE = statement(
  'compliance.selectStoredEvidence',
  `select e.id, e.bank, e.subject, e.consent_id, e.order_id, e.stored_at, a.answer_sealed, c.login_hint_sealed
     from evidence e
     left join bankid_answer a on a.order_id = e.order_id
     left join consent c on c.id = e.consent_id
    where e.stored_at >= $1 and e.stored_at < $2
      and ($3::timestamptz is null or (e.stored_at, e.id) > ($3, $4::uuid))
    order by e.stored_at, e.id
    limit $5`,
);

/** The next page in order of storing, after the last evidence of the page before. */
export async function selectStoredEvidence(
  scope: Scope,
  { from, to }: Period,
  after: StoredEvidence | undefined,
  limit: number,
): Promise<readonly StoredEvidence[]> {
  return rows(
    scope,
    SELECT_STORED_EVIDENCE,
    [from, to, after?.storedAt ?? null, after?.evidenceId ?? null, limit],
    parseStored,
    'each-time',
  );
}

const SELECT_ANSWERS_WITHOUT_EVIDENCE = statement(
  'compliance.selectAnswersWithoutEvidence',
  `select a.order_id
     from bankid_answer a join sign_order o on o.id = a.order_id
    where a.received_at >= $1 and a.received_at < $2 and o.answer_status = 'complete'
      and not exists (select from evidence e where e.order_id = a.order_id)
    order by a.received_at, a.order_id`,
);

/** Orders that were signed in the period and have given no evidence: still to be settled, or a fault. */
export async function selectAnswersWithoutEvidence(scope: Scope, { from, to }: Period): Promise<readonly string[]> {
  return rows(scope, SELECT_ANSWERS_WITHOUT_EVIDENCE, [from, to], (row) => text(row, 'order_id'));
}

function parseStored(row: Row): StoredEvidence {
  return {
    evidenceId: text(row, 'id') as EvidenceId,
    bank: text(row, 'bank'),
    subject: text(row, 'subject'),
    consentId: text(row, 'consent_id'),
    orderId: text(row, 'order_id'),
    storedAt: instant(row, 'stored_at'),
    answerSealed: row['answer_sealed'] === null ? undefined : bytes(row, 'answer_sealed'),
    loginHintSealed: row['login_hint_sealed'] === null ? undefined : bytes(row, 'login_hint_sealed'),
  };
}
