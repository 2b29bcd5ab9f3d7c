import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../platform/database.ts';
import type { TokenBinding } from '../../tpp/token-binding.ts';
import { optionalBytes, optionalText, text, type Row } from '../../platform/rows.ts';

export interface AuthorizationRequest {
  readonly interactionId: InteractionId;
  readonly consentId: ConsentId;
  readonly clientId: ClientId;
  readonly requestUriHash: Buffer;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly codeChallenge: string;
  readonly dpopJkt: string | undefined;
  readonly scope: 'openid' | undefined;
  readonly nonce: string | undefined;
  /** The TPP's signed request, sealed. */
  readonly requestObjectSealed: Buffer | undefined;
  readonly pushedAt: Date;
  readonly expiresAt: Date;
}

/** Where a browser goes back to, and with what. */
export interface ReturnAddress {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

export interface NewCode {
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** What must be shown for a code, all of it compared in the redemption itself. */
export interface Redemption {
  readonly codeHash: Buffer;
  readonly clientId: ClientId;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly binding: TokenBinding;
  readonly now: Date;
}

/** What was asked for by the push whose code was redeemed. */
export interface Redeemed {
  readonly consentId: ConsentId;
  readonly isOpenId: boolean;
  readonly nonce: string | undefined;
  readonly requestObjectSealed: Buffer | undefined;
}

export async function insertRequest(tx: Tx, request: AuthorizationRequest): Promise<void> {
  await execute(
    tx,
    `insert into authorization_request (interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state,
                                        code_challenge, dpop_jkt, pushed_at, expires_at, scope, nonce, request_object_sealed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      request.interactionId,
      request.consentId,
      request.clientId,
      request.requestUriHash,
      request.redirectUri,
      request.state ?? null,
      request.codeChallenge,
      request.dpopJkt ?? null,
      request.pushedAt,
      request.expiresAt,
      request.scope ?? null,
      request.nonce ?? null,
      request.requestObjectSealed ?? null,
    ],
  );
}

/** The interaction of an unused, unexpired request of this client. */
export async function findInteraction(
  scope: Scope,
  requestUriHash: Buffer,
  clientId: string,
  now: Date,
): Promise<InteractionId | undefined> {
  return maybeRow(
    scope,
    `select interaction_id
       from authorization_request
      where request_uri_hash = $1 and client_id = $2 and used_at is null and expires_at > $3`,
    [requestUriHash, clientId, now],
    (row) => text(row, 'interaction_id') as InteractionId,
  );
}

/** Uses up the request_uri and stores or replaces the code. Undefined when the code was redeemed before. */
export async function replaceCode(
  tx: Tx,
  interactionId: InteractionId,
  code: NewCode,
  now: Date,
): Promise<ReturnAddress | undefined> {
  return maybeRow(
    tx,
    `update authorization_request
        set used_at = coalesce(used_at, $4), code_hash = $2, code_expires_at = $3, authorised_consent_id = consent_id
      where interaction_id = $1 and code_used_at is null
     returning redirect_uri, state`,
    [interactionId, code.hash, code.expiresAt, now],
    parseAddress,
  );
}

/** Uses up the request_uri where there is nothing to give a code for. */
export async function useRequest(
  scope: Scope,
  interactionId: InteractionId,
  now: Date,
): Promise<ReturnAddress | undefined> {
  return maybeRow(
    scope,
    `update authorization_request set used_at = coalesce(used_at, $2)
      where interaction_id = $1
     returning redirect_uri, state`,
    [interactionId, now],
    parseAddress,
  );
}

/**
 * Redeems a code, once: of all who try at the same time one gets the consent. The consent is locked before the request,
 * as on the way back, so that a reload during the redemption waits and is not a deadlock.
 */
export async function redeemCode(tx: Tx, redemption: Redemption): Promise<Redeemed | undefined> {
  return maybeRow(
    tx,
    `update authorization_request r set code_used_at = $6
       from (select c.id from authorization_request q join consent c on c.id = q.consent_id
              where q.code_hash = $1 for no key update of c) locked
      where r.consent_id = locked.id and r.code_hash = $1 and r.code_used_at is null and r.code_expires_at > $6
        and r.client_id = $2 and r.redirect_uri = $3 and r.code_challenge = $4 and (r.dpop_jkt is null or r.dpop_jkt = $5)
     returning r.consent_id, r.scope, r.nonce, r.request_object_sealed`,
    [
      redemption.codeHash,
      redemption.clientId,
      redemption.redirectUri,
      redemption.codeChallenge,
      // A code that is bound to a DPoP key is not redeemed with a certificate.
      redemption.binding.kind === 'dpop' ? redemption.binding.jkt : null,
      redemption.now,
    ],
    (row) => ({
      consentId: text(row, 'consent_id') as ConsentId,
      isOpenId: optionalText(row, 'scope') !== undefined,
      nonce: optionalText(row, 'nonce'),
      requestObjectSealed: optionalBytes(row, 'request_object_sealed'),
    }),
  );
}

/** The consent of a code that this client has redeemed before. */
export async function findRedeemed(scope: Scope, codeHash: Buffer, clientId: ClientId): Promise<ConsentId | undefined> {
  return maybeRow(
    scope,
    `select consent_id from authorization_request
      where code_hash = $1 and client_id = $2 and code_used_at is not null`,
    [codeHash, clientId],
    (row) => text(row, 'consent_id') as ConsentId,
  );
}

function parseAddress(row: Row): ReturnAddress {
  return { redirectUri: text(row, 'redirect_uri'), state: optionalText(row, 'state') };
}
