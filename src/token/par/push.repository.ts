import { happened, type EventParams } from '../../audit/audit-trail.ts';
import { consented, type ConsentedParams } from '../../consent/consents.ts';
import type { ConsentId, InteractionId } from '../../kernel/ids.ts';
import { compose, step } from '../../platform/composition.ts';
import type { Scope } from '../../platform/database.ts';
import { keyed, type KeyedParams } from '../../platform/envelope.ts';
import { NEW_PROOFS, parseNewProofs, proven, used, type BurnParams } from '../../tpp/replay.ts';
import type { AuthorizationRequest } from './authorization-request.repository.ts';

interface RequestedParams {
  readonly consent_id: ConsentId;
  readonly client_id: string;
  readonly interaction_id: InteractionId;
  readonly created_at: Date;
  readonly request_uri_hash: Buffer;
  readonly redirect_uri: string;
  readonly request_state: string | null;
  readonly code_challenge: string;
  readonly dpop_jkt: string | null;
  readonly request_expires_at: Date;
  readonly request_scope: string | null;
  readonly request_nonce: string | null;
  readonly request_object_sealed: Buffer | null;
}

const requested = step<RequestedParams>(
  'requested',
  `insert into authorization_request (interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state,
                                      code_challenge, dpop_jkt, pushed_at, expires_at, scope, nonce, request_object_sealed)
   select $interaction_id::text, $consent_id::uuid, $client_id::text, $request_uri_hash::bytea, $redirect_uri::text,
          $request_state::text, $code_challenge::text, $dpop_jkt::text, $created_at::timestamptz,
          $request_expires_at::timestamptz, $request_scope::text, $request_nonce::text, $request_object_sealed::bytea
     from proven`,
);

const ANSWER = `select ${NEW_PROOFS}`;

/** A push: the proofs, the consent, what the browser will be sent with, and the event. */
const push = compose([used, proven, consented, requested, happened('consented')], ANSWER);

/** The same with the consent's data key, where something is sealed. */
const sealedPush = compose([used, proven, consented, requested, keyed('consented'), happened('consented')], ANSWER);

/** Stores a push, all of it or nothing. Gives the proofs that were new, where not all were and nothing was stored. */
export function insertPush(
  scope: Scope,
  request: AuthorizationRequest,
  consent: ConsentedParams & EventParams,
  { burn, key }: { readonly burn: BurnParams; readonly key: KeyedParams | undefined },
): Promise<readonly Buffer[] | undefined> {
  const params = { ...consent, ...requestedParams(request), ...burn };
  return key ? sealedPush.run(scope, { ...params, ...key }, parseNewProofs) : push.run(scope, params, parseNewProofs);
}

function requestedParams(request: AuthorizationRequest): RequestedParams {
  return {
    consent_id: request.consentId,
    client_id: request.clientId,
    interaction_id: request.interactionId,
    created_at: request.pushedAt,
    request_uri_hash: request.requestUriHash,
    redirect_uri: request.redirectUri,
    request_state: request.state ?? null,
    code_challenge: request.codeChallenge,
    dpop_jkt: request.dpopJkt ?? null,
    request_expires_at: request.expiresAt,
    request_scope: request.scope ?? null,
    request_nonce: request.nonce ?? null,
    request_object_sealed: request.requestObjectSealed ?? null,
  };
}
