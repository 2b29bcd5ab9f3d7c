import type { InteractionId, OrderId } from '../../kernel/ids.ts';
import { step, type Step } from '../../platform/composition.ts';
import { execute, type Tx } from '../../platform/database.ts';
import type { StoredPayment } from '../consent.ts';

/** One row, written by transaction B alone. */
export interface NewAuthorisation extends StoredPayment {
  readonly orderId: OrderId;
  readonly payerMac: Buffer;
  readonly payerSealed: Buffer;
  readonly authorisedAt: Date;
}

export async function insertAuthorisation(tx: Tx, row: NewAuthorisation): Promise<void> {
  await execute(
    tx,
    `insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                                payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      row.consentId,
      row.evidenceId,
      row.evidenceDigest,
      row.orderId,
      row.environment,
      row.bank,
      row.clientId,
      row.initiationText,
      row.paymentMac,
      row.payerMac,
      row.payerSealed,
      row.subject,
      row.signedAt,
      row.authorisedAt,
    ],
  );
}

/** What was signed comes from the authorisation, never from what was pushed. */
const GRANT_COLUMNS = `c.id, c.expires_at, a.client_id, a.bank, a.environment, a.initiation, a.payment_mac, a.evidence_id,
  a.evidence_digest, a.payer_subject, a.signed_at, a.authorised_at`;

/**
 * Authorised, and still in time. A case is not looked into by the planner: it finds the one row by its key. Of a table that it
 * has not analysed yet it would believe the sweeper's partial index just as good, and read all that are authorised.
 */
const AUTHORISED = `case when c.state = 'authorised' then c.expires_at > $now::timestamptz end`;

/** What `consentSubject` (kernel) says of a row of consent columns, in SQL. */
export function subjectOf(row: string): string {
  return `'consent:' || ${row}.bank || ':' || ${row}.id`;
}

const SUBJECT = `${subjectOf('c')} as subject`;

export interface GrantedParams {
  readonly interaction_id: InteractionId;
  readonly browser_cookie_hash: Buffer;
  readonly now: Date;
  readonly consume_by: Date;
}

/**
 * The browser is back: the time to consume begins, once. Nothing unless it is the bound browser and the consent authorised.
 * Gives the columns of a grant, and the `subject` of its events.
 */
export const granted = step<GrantedParams>(
  'granted',
  `update consent c set returned_at = coalesce(c.returned_at, $now::timestamptz),
          expires_at = case when c.returned_at is null then $consume_by::timestamptz else c.expires_at end
     from authorisation a
    where a.consent_id = c.id and c.interaction_id = $interaction_id and c.browser_cookie_hash = $browser_cookie_hash
      and ${AUTHORISED}
   returning ${GRANT_COLUMNS}, ${SUBJECT}`,
);

export interface BoundParams {
  readonly token_hash: Buffer;
  readonly token_expires_at: Date;
  readonly now: Date;
}

/**
 * Makes this the one live token of the consent whose `consent_id` the step `source` gives; it never outlives the time to
 * consume. Nothing where the consent is no longer authorised. Gives the columns of a grant, and the `subject` of its events.
 */
export function bound(source: string): Step<BoundParams> {
  return step(
    'bound',
    `update consent c set live_token_hash = $token_hash,
            live_token_expires_at = least($token_expires_at::timestamptz, c.expires_at)
       from ${source} s join authorisation a on a.consent_id = s.consent_id
      where c.id = s.consent_id and ${AUTHORISED}
     returning ${GRANT_COLUMNS}, c.live_token_expires_at, ${SUBJECT}`,
  );
}
