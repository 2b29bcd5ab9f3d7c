import type { NewConsent } from '../../consent/consent.ts';
import { subjectOf } from '../../consent/consents.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import type { WrappedKey } from '../../vault/wrapped-key.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { KeyClaim } from './idempotent-push.repository.ts';
import type { AuthorizationRequest } from './authorization-request.repository.ts';

/** Everything that a push stores. */
export interface Push {
  readonly consent: NewConsent;
  readonly request: AuthorizationRequest;
  /** `consent.pushed`, as text. */
  readonly event: string;
  /** Set if something of the consent is sealed. */
  readonly dataKey: WrappedKey | undefined;
  /** Set if the client sent an Idempotency-Key. */
  readonly idempotencyKey: KeyClaim | undefined;
}

/** The unique index that keeps a signed request from being pushed twice. */
export const ONE_JTI = 'authorization_request_of_one_jti';

/**
 * A push is one statement, and so all of it happens or nothing does. It writes idempotent_push, consent, authorization_request,
 * data_key and audit_event. A key that stands for an earlier push is left as it is, and nothing is pushed: of many pushes at once
 * under one key, the others wait for the first.
 */
const INSERT_PUSH = statement(
  'token.insertPush',
  `with given as (
     select $1::uuid as consent_id, $2::text as bank, $3::text as client_id, $4::text as interaction_id,
            $5::text as bank_name, $6::text as tpp_name, $7::text as authorisation_number, $8::jsonb as initiation, $9::jsonb as creditor_name_verification,
            $10::bytea as bound_payer_hash, $11::bytea as login_hint_sealed, $12::timestamptz as pushed_at, $13::timestamptz as consent_expires_at,
            $14::bytea as request_uri_hash, $15::text as redirect_uri, $16::text as state, $17::text as code_challenge,
            $18::text as dpop_jkt, $19::timestamptz as request_expires_at, $20::text as scope, $21::text as nonce,
            $22::bytea as request_object_sealed,
            $23::uuid as key_id, $24::text as kek_id, $25::bytea as wrapped_key,
            $26::bytea as key_hash, $27::bytea as request_hash, $28::timestamptz as key_expires_at,
            $29::text as event, $30::bytea as request_object_jti_hash, $31::text as way),
   claimed_key as (
     insert into idempotent_push (key_hash, request_hash, consent_id, expires_at)
     select key_hash, request_hash, consent_id, key_expires_at from given where key_hash is not null
     on conflict (key_hash) do update
        set request_hash = excluded.request_hash, consent_id = excluded.consent_id, expires_at = excluded.expires_at
      where idempotent_push.expires_at <= (select pushed_at from given)
     returning key_hash),
   new_consent as (
     insert into consent (id, bank, client_id, interaction_id, way, bank_name, tpp_name, authorisation_number, initiation,
                          creditor_name_verification, bound_payer_hash, login_hint_sealed, created_at, expires_at)
     select consent_id, bank, client_id, interaction_id, way, bank_name, tpp_name, authorisation_number, initiation,
            creditor_name_verification, bound_payer_hash, login_hint_sealed, pushed_at, consent_expires_at
       from given where key_hash is null or exists (select from claimed_key)
     returning ${subjectOf('consent')} as subject),
   new_request as (
     insert into authorization_request (interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state,
                                        code_challenge, dpop_jkt, pushed_at, expires_at, scope, nonce, request_object_sealed,
                                        request_object_jti_hash)
     select interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state, code_challenge, dpop_jkt, pushed_at,
            request_expires_at, scope, nonce, request_object_sealed, request_object_jti_hash
       from new_consent, given),
   new_data_key as (
     insert into data_key (key_id, subject, kek_id, wrapped)
     select key_id, subject, kek_id, wrapped_key from new_consent, given where key_id is not null),
   new_event as (insert into audit_event (subject, event) select subject, event from new_consent, given)
   select exists (select from new_consent) as pushed`,
);

/** Stores a push. False, and nothing is stored, if its Idempotency-Key belongs to an earlier one. */
export async function insertPush(scope: Scope, push: Push): Promise<boolean> {
  return (await maybeRow(scope, INSERT_PUSH, parametersOf(push), (row) => bool(row, 'pushed'))) === true;
}

/** In the order of `given`. */
function parametersOf({ consent, request, event, dataKey, idempotencyKey }: Push): readonly unknown[] {
  return [
    consent.consentId,
    consent.bank,
    consent.clientId,
    consent.interactionId,
    consent.bankName,
    consent.tppName,
    consent.authorisationNumber,
    consent.initiationJson,
    consent.creditorNameVerificationJson ?? null,
    consent.boundPayerHash ?? null,
    consent.loginHintSealed ?? null,
    consent.createdAt,
    consent.expiresAt,
    request.requestUriHash,
    request.redirectUri,
    request.state ?? null,
    request.codeChallenge,
    request.dpopJkt ?? null,
    request.expiresAt,
    request.scope ?? null,
    request.nonce ?? null,
    request.requestObjectSealed ?? null,
    dataKey?.keyId ?? null,
    dataKey?.kekId ?? null,
    dataKey?.wrapped ?? null,
    idempotencyKey?.keyHash ?? null,
    idempotencyKey?.requestHash ?? null,
    idempotencyKey?.expiresAt ?? null,
    event,
    request.requestObjectJtiHash ?? null,
    consent.channel.way,
  ];
}
