import { rows, type Scope } from '../../database/database.ts';
import { instant, jsonObject, optionalInstant, optionalText, text, texts } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { EvidenceId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { RetentionRule } from './retention-rule.ts';

/** A consent that points to a person, as its rows say. */
export interface ConsentOfPerson {
  readonly consentId: string;
  readonly subject: string;
  /** `named` by the TPP, `signer`, or both. */
  readonly roles: readonly string[];
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  readonly way: string;
  readonly askedAt: Date;
  readonly state: string;
  readonly endedAt: Date | undefined;
  readonly payment: JsonObject;
  readonly paymentReference: string | undefined;
  /** Of the evidence that authorised it. */
  readonly evidenceId: EvidenceId | undefined;
  readonly retentionEndsAt: Date;
  /** Which rule keeps it longest. */
  readonly rule: RetentionRule;
}

const SELECT_CONSENTS_OF_PERSON = statement(
  'rights.selectConsentsOfPerson',
  `select c.id, t.subject, t.roles, c.tpp_name, c.authorisation_number, c.way, c.created_at, c.state, c.ended_at, c.initiation,
          c.payment_reference, a.evidence_id,
          retention_of(t.subject) as retention_ends_at,
          case (select bool_or(e.kind = 'accepted') from evidence e where e.subject = t.subject)
            when true then 'accounting' when false then 'money-laundering' else 'dispute' end as rule
     from (select subject, array_agg(distinct kind order by kind) as roles
             from person_trace
            where value = any($1::bytea[]) and starts_with(subject, 'consent:' || $2::text || ':')
            group by subject) t
     join consent c on c.id = right(t.subject, 36)::uuid and c.initiation is not null
     left join authorisation a on a.consent_id = c.id
    order by c.created_at, c.id`,
);

/** Those of one bank, oldest first. @param personHashes under each look-up key */
export async function selectConsentsOfPerson(
  scope: Scope,
  personHashes: readonly Buffer[],
  bank: string,
): Promise<readonly ConsentOfPerson[]> {
  return rows(
    scope,
    SELECT_CONSENTS_OF_PERSON,
    [personHashes, bank],
    (row) => ({
      consentId: text(row, 'id'),
      subject: text(row, 'subject'),
      roles: texts(row, 'roles'),
      tpp: { name: text(row, 'tpp_name'), authorisationNumber: text(row, 'authorisation_number') },
      way: text(row, 'way'),
      askedAt: instant(row, 'created_at'),
      state: text(row, 'state'),
      endedAt: optionalInstant(row, 'ended_at'),
      payment: jsonObject(row, 'initiation'),
      paymentReference: optionalText(row, 'payment_reference'),
      evidenceId: optionalText(row, 'evidence_id') as EvidenceId | undefined,
      retentionEndsAt: instant(row, 'retention_ends_at'),
      rule: text(row, 'rule') as RetentionRule,
    }),
    'each-time',
  );
}
