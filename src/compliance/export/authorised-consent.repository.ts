import type { EvidenceId } from '../../kernel/ids.ts';
import { rows, type Scope } from '../../database/database.ts';
import { instant, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { ExportRequest } from '../export-request.ts';

/** A consent of the period, by the evidence that authorised it. */
export interface AuthorisedConsent {
  readonly evidenceId: EvidenceId;
  readonly bank: string;
  readonly authorisedAt: Date;
}

const filter = `a.authorised_at >= $1 and a.authorised_at < $2
        and ($3::text is null or e.client_id = $3) and ($4::text is null or e.bank = $4) and ($5::uuid is null or e.consent_id = $5)`;

const COUNT_AUTHORISED_CONSENTS = statement(
  'compliance.countAuthorisedConsents',
  `select count(*) as n from authorisation a join evidence e on e.id = a.evidence_id where ${filter}`,
);

export async function countAuthorisedConsents(scope: Scope, request: ExportRequest): Promise<number> {
  const [count] = await rows(scope, COUNT_AUTHORISED_CONSENTS, values(request), (row) => int(row, 'n'), 'each-time');
  return count ?? 0;
}

const SELECT_AUTHORISED_CONSENTS = statement(
  'compliance.selectAuthorisedConsents',
  `select e.id, e.bank, a.authorised_at
     from authorisation a join evidence e on e.id = a.evidence_id
    where ${filter}
      and ($6::timestamptz is null or (a.authorised_at, e.id) > ($6, $7::uuid))
    order by a.authorised_at, e.id
    limit $8`,
);

/** The next page in order of authorisation, after the last consent of the page before. */
export async function selectAuthorisedConsents(
  scope: Scope,
  request: ExportRequest,
  after: AuthorisedConsent | undefined,
  limit: number,
): Promise<readonly AuthorisedConsent[]> {
  return rows(
    scope,
    SELECT_AUTHORISED_CONSENTS,
    [...values(request), after?.authorisedAt ?? null, after?.evidenceId ?? null, limit],
    (row) => ({
      evidenceId: text(row, 'id') as EvidenceId,
      bank: text(row, 'bank'),
      authorisedAt: instant(row, 'authorised_at'),
    }),
    'each-time',
  );
}

function values({ from, to, tpp, bank, consentId }: ExportRequest): readonly unknown[] {
  return [from, to, tpp ?? null, bank ?? null, consentId ?? null];
}
