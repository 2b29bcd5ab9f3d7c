import { LEAST_UUID, type ConsentId, type EvidenceId } from '../../kernel/ids.ts';
import { rows, type Scope } from '../../database/database.ts';
import { instant, int, optionalInstant, optionalText, text, type Row } from '../../database/rows.ts';
import type { ConsentCourse } from '../../evidence-files/index-columns.ts';
import { statement } from '../../database/statement.ts';
import type { ExportRequest } from '../export-request.ts';

/** A consent of the period, with the evidence that authorised it. */
export interface AuthorisedConsent {
  readonly consentId: ConsentId;
  readonly evidenceId: EvidenceId;
  readonly bank: string;
  readonly authorisedAt: Date;
  readonly course: ConsentCourse;
}

/** Where a page ends: its last consent. */
export type Cursor = Pick<AuthorisedConsent, 'authorisedAt' | 'evidenceId'>;

/** Authorised after ($1, $2), a moment and the id of an evidence, and before $3. */
const filter = `(a.authorised_at, a.evidence_id) > ($1, $2::uuid) and a.authorised_at < $3
        and ($4::text is null or a.client_id = $4) and ($5::text is null or a.bank = $5) and ($6::uuid is null or a.consent_id = $6)
        and ($7::text is null
             or exists (select from consent c where c.id = a.consent_id and c.bank = a.bank and c.payment_reference = $7))
        and ($8::bytea[] is null
             or exists (select from person_trace t
                         where t.subject = 'consent:' || a.bank || ':' || a.consent_id and t.value = any($8)))`;

const COUNT_AUTHORISED_CONSENTS = statement(
  'compliance.countAuthorisedConsents',
  `select count(*) as n from authorisation a where ${filter}`,
);

export async function countAuthorisedConsents(scope: Scope, request: ExportRequest): Promise<number> {
  const [count] = await rows(
    scope,
    COUNT_AUTHORISED_CONSENTS,
    values(request, undefined),
    (row) => int(row, 'n'),
    'each-time',
  );
  return count ?? 0;
}

const SELECT_AUTHORISED_CONSENTS = statement(
  'compliance.selectAuthorisedConsents',
  `select a.consent_id, a.evidence_id, a.bank, a.authorised_at, c.state, case c.state when 'consumed' then c.ended_at end as consumed_at,
          c.payment_reference, c.execution, c.execution_reported_at,
          (select l.number from ledger_leaf l where l.evidence_id = a.evidence_id) as number
     from authorisation a join consent c on c.id = a.consent_id
    where ${filter}
    order by a.authorised_at, a.evidence_id
    limit $9`,
);

/** The next page in order of authorisation, after the last consent of the previous page. */
export async function selectAuthorisedConsents(
  scope: Scope,
  request: ExportRequest,
  after: Cursor | undefined,
  limit: number,
): Promise<readonly AuthorisedConsent[]> {
  return rows(
    scope,
    SELECT_AUTHORISED_CONSENTS,
    [...values(request, after), limit],
    (row) => ({
      consentId: text(row, 'consent_id') as ConsentId,
      evidenceId: text(row, 'evidence_id') as EvidenceId,
      bank: text(row, 'bank'),
      authorisedAt: instant(row, 'authorised_at'),
      course: courseOf(row),
    }),
    'each-time',
  );
}

function courseOf(row: Row): ConsentCourse {
  return {
    number: row['number'] === null ? undefined : int(row, 'number'),
    state: text(row, 'state'),
    consumedAt: optionalInstant(row, 'consumed_at'),
    paymentReference: optionalText(row, 'payment_reference'),
    execution: optionalText(row, 'execution'),
    executionReportedAt: optionalInstant(row, 'execution_reported_at'),
  };
}

function values(request: ExportRequest, after: Cursor | undefined): readonly unknown[] {
  const { from, to, tpp, bank, consentId, reference, payer } = request;
  const { authorisedAt, evidenceId } = after ?? { authorisedAt: from, evidenceId: LEAST_UUID };
  const named = [tpp ?? null, bank ?? null, consentId ?? null, reference ?? null, payer ?? null];
  return [authorisedAt, evidenceId, to, ...named];
}

const SELECT_AUDIT_LEAVES = statement(
  'compliance.selectAuditLeaves',
  `select h.subject, h.number
     from unnest($1::text[], $2::bigint[]) as head (subject, seq)
     join ledger_audit_head h on h.subject = head.subject and h.seq = head.seq`,
);

/** By subject, the leaf of its bank's audit log that covers this head of its chain; none where no leaf does yet. */
export async function selectAuditLeaves(
  scope: Scope,
  heads: readonly { readonly subject: string; readonly seq: number }[],
): Promise<ReadonlyMap<string, number>> {
  const values = [heads.map(({ subject }) => subject), heads.map(({ seq }) => seq)];
  const found = await rows(
    scope,
    SELECT_AUDIT_LEAVES,
    values,
    (row) => [text(row, 'subject'), int(row, 'number')] as const,
    'each-time',
  );
  return new Map(found);
}
