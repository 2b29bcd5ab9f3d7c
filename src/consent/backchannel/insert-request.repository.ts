import {
  filledLimits,
  NOT_FILLED,
  parseFilled,
  type FilledLimits,
  type PersonCount,
} from '../../attempts/person-limits.repository.ts';
import { maybeRow, type Tx } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { WrappedKey } from '../../vault/wrapped-key.ts';
import type { NewConsent } from '../consent.ts';

/** All that a backchannel request leaves behind of its consent, where no limit is reached. */
export interface RequestedConsent extends PersonCount {
  readonly consent: NewConsent;
  readonly attemptId: string;
  /** Undefined where nothing comes back. */
  readonly returnNonceHash: Buffer | undefined;
  readonly subject: string;
  readonly dataKey: WrappedKey;
  /** `consent.pushed`, as text. */
  readonly pushed: string;
  /** `order.requested`, as text. */
  readonly requested: string;
}

export interface Inserted {
  readonly isInserted: boolean;
  readonly filled: FilledLimits;
}

/**
 * A backchannel request's consent with its one attempt is one statement. It writes consent, signing_attempt, data_key and audit_event.
 * Nothing is stored where one of the person's limits is reached; the row says what was counted.
 */
const INSERT_REQUEST = statement(
  'consent.insertRequest',
  `with ${filledLimits('signing_attempt')},
   new_consent as (
     insert into consent (id, bank, client_id, interaction_id, way, call_initiator, bank_name, tpp_name, authorisation_number,
                          initiation, creditor_name_verification, bound_payer_hash, login_hint_sealed, created_at, expires_at)
     select $5::uuid, $6::text, $2::text, $7::text, $8::text, $9::text, $10::text, $11::text, $12::text,
            $13::jsonb, $14::jsonb, $15::bytea, $16::bytea, $17::timestamptz, $18::timestamptz
       from filled where num_nonnulls(certificate_failures, pair_failures, pair_orders) = 0
     returning id, client_id, bound_payer_hash, created_at),
   new_attempt as (
     insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at)
     select $19::uuid, id, client_id, bound_payer_hash, $20::bytea, created_at from new_consent),
   new_key as (
     insert into data_key (key_id, subject, kek_id, wrapped)
     select $21::uuid, $22::text, $23::text, $24::bytea from new_consent),
   new_events as (
     insert into audit_event (subject, event)
     select $22::text, event from new_consent, (values (1, $25::text), (2, $26::text)) happened (place, event) order by place)
   select exists (select from new_consent) as inserted, certificate_failures, pair_failures, pair_orders from filled`,
);

/** Nothing is stored where a limit is reached. Of one person, one after the other: see `lockPerson`. */
export async function insertRequest(tx: Tx, request: RequestedConsent): Promise<Inserted> {
  const inserted = await maybeRow(tx, INSERT_REQUEST, parametersOf(request), (row) => ({
    isInserted: bool(row, 'inserted'),
    filled: parseFilled(row),
  }));
  return inserted ?? { isInserted: false, filled: NOT_FILLED };
}

function parametersOf({ consent, dataKey, ...request }: RequestedConsent): readonly unknown[] {
  const { channel } = consent;
  return [
    request.personHashes,
    consent.clientId,
    request.failuresSince,
    request.ordersSince,
    consent.consentId,
    consent.bank,
    consent.interactionId,
    channel.way,
    channel.way === 'phone' ? channel.callInitiator : null,
    consent.bankName,
    consent.tppName,
    consent.authorisationNumber,
    consent.initiationJson,
    consent.creditorNameVerificationJson ?? null,
    consent.boundPayerHash ?? null,
    consent.loginHintSealed ?? null,
    consent.createdAt,
    consent.expiresAt,
    request.attemptId,
    request.returnNonceHash ?? null,
    dataKey.keyId,
    request.subject,
    dataKey.kekId,
    dataKey.wrapped,
    request.pushed,
    request.requested,
  ];
}
