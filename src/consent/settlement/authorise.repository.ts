import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { SealedEvidence } from '../../evidence/evidence.ts';
import { PURPOSE, type NewAuthorisation } from '../consent.ts';

/** All that stands in the rows of one authorisation. */
export interface AuthorisedOrder {
  readonly order: Pick<AnsweredOrder, 'orderId' | 'leaseId' | 'receivedAt'>;
  readonly attemptId: string;
  readonly evidence: SealedEvidence;
  readonly authorisation: NewAuthorisation;
  /** `consent.authorised`, as text. */
  readonly event: string;
  readonly now: Date;
  /** How long the browser may take to come back. */
  readonly returnBy: Date;
}

/** What came of it: all, where `isAuthorised`, or nothing. */
export interface Authorisation {
  /** False where another instance settles the order, or has. */
  readonly isLeased: boolean;
  /** False where the consent no longer waits, too. */
  readonly isAuthorised: boolean;
  /** Whether BankID may still hold another order of the consent. */
  readonly hasOpenOrder: boolean;
}

/**
 * awaiting-authorisation → authorised, by an answer that came in time, with its evidence: transaction B in one statement.
 * It writes consent, evidence, authorisation, person_trace, audit_event, signing_attempt and sign_order. The order is locked first, under the
 * lease that fences it, and what its consent is now decides whether anything follows. At its end a trigger checks that the
 * authorisation has its own evidence. It is a transaction by itself: a process that dies leaves all of it or nothing, and, where
 * PostgreSQL had the statement, all.
 */
const AUTHORISE = statement(
  'consent.authorise',
  `with leased_order as (
     select id from sign_order where id = $1 and settle_lease = $2 and state = 'answered' for no key update),
   authorised_consent as (
     update consent c set state = 'authorised', authorised_at = $5, expires_at = $7
       from leased_order
      where c.id = $3 and c.state = 'awaiting-authorisation' and c.expires_at > $6
     returning c.id),
   new_evidence as (
     insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, indication, digest, sealed,
                           signed_at, received_at, stored_at, retention_ends_at, root_sha256)
     select $8::uuid, 'accepted', $9::text, id, $10, $11, $1::uuid, $12, $13, $14::bytea, $15, $16, $6::timestamptz, $17, $18,
            $29
       from authorised_consent
     returning id, consent_id, digest, order_id),
   new_authorisation as (
     insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                                payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
     select consent_id, id, digest, order_id, $19, $20, $21, $22, $23, $24, $25, $26, $27, $5::timestamptz from new_evidence),
   new_trace as (
     insert into person_trace (subject, kind, value) select $9::text, 'signer', $30 from authorised_consent
     on conflict do nothing),
   new_event as (insert into audit_event (subject, event) select $9::text, $28 from authorised_consent),
   ended_attempt as (
     update signing_attempt s set outcome = 'authorised', ended_at = $5
       from authorised_consent
      where s.id = $4 and s.outcome is null),
   settled_order as (
     update sign_order o
        set state = 'settled', settled_at = $5, outcome = 'authorised', settle_lease = null, settle_lease_until = null
       from authorised_consent
      where o.id = $1)
   select exists (select from leased_order) as leased, exists (select from authorised_consent) as authorised,
          exists (select from sign_order
                   where order_group = $3::uuid::text and purpose = '${PURPOSE}'
                     and state in ('requested', 'pending', 'answer-unknown')) as has_open_order`,
);

/** All of it or nothing. */
export async function authoriseConsent(scope: Scope, authorised: AuthorisedOrder): Promise<Authorisation> {
  const result = await maybeRow(scope, AUTHORISE, parameters(authorised), (row) => ({
    isLeased: bool(row, 'leased'),
    isAuthorised: bool(row, 'authorised'),
    hasOpenOrder: bool(row, 'has_open_order'),
  }));
  return result ?? { isLeased: false, isAuthorised: false, hasOpenOrder: false };
}

function parameters({ order, attemptId, evidence, authorisation, ...rest }: AuthorisedOrder): readonly unknown[] {
  const { summary } = evidence;
  return [
    order.orderId,
    order.leaseId,
    authorisation.consentId,
    attemptId,
    rest.now,
    order.receivedAt,
    rest.returnBy,
    summary.evidenceId,
    evidence.subject,
    summary.bank,
    summary.clientId,
    summary.environment,
    summary.indication,
    summary.evidenceDigest,
    evidence.sealed,
    summary.signedAt ?? null,
    summary.storedAt,
    summary.retentionEndsAt,
    authorisation.environment,
    authorisation.bank,
    authorisation.clientId,
    authorisation.initiationText,
    authorisation.paymentMac,
    authorisation.payerMac,
    authorisation.payerSealed,
    authorisation.subject,
    authorisation.signedAt,
    rest.event,
    evidence.rootSha256,
    evidence.personHash,
  ];
}
