import type { Holder } from '../../../client-auth/access.ts';
import { bindingColumns, type TokenBinding } from '../../../client-auth/token-binding.ts';
import type { BackchannelWay } from '../../../clients/payer-ways.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../../database/database.ts';
import { text } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import type { ClientId } from '../../../kernel/ids.ts';
import type { BackchannelId } from './backchannel-id.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';

/** A backchannel request as it is stored. */
export interface NewBackchannelRequest {
  readonly id: BackchannelId;
  readonly authReqIdHash: Buffer;
  readonly clientId: ClientId;
  readonly target: RequestTarget;
  readonly way: BackchannelWay;
  /** Undefined: the key of the redeeming call binds the token. */
  readonly binding: TokenBinding | undefined;
  readonly scope: 'openid' | undefined;
  readonly nonce: string | undefined;
  /** The client's signed request, sealed. */
  readonly requestObjectSealed: Buffer;
  /** Names the signed request; no other has the same. */
  readonly requestObjectJtiHash: Buffer;
  /** What a ping needs, sealed; undefined if the client polls. */
  readonly pingSealed: Buffer | undefined;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

/** The unique index that keeps a signed request from being sent twice. */
export const ONE_JTI = 'backchannel_request_of_one_jti';
/** The unique index that keeps two requests of apps from having one key. */
export const ONE_APP = 'backchannel_request_of_one_app';

const INSERT_REQUEST = statement(
  'token.insertBackchannelRequest',
  `insert into backchannel_request (id, auth_req_id_hash, client_id, consent_id, login_id, way, jkt, x5t, scope, nonce, request_object_sealed,
                                    request_object_jti_hash, ping_sealed, ping_due_at, requested_at, expires_at)
   select $1, $2, $3, $4::uuid, $15::uuid, $5::text, $6::text, $7, $8, $9, $10, $11, $12::bytea,
          case when $12::bytea is not null then $13::timestamptz end, $13, $14
    where not exists (select from backchannel_request other
                       where other.jkt = $6::text and other.refused_at is null and 'app' in ($5::text, other.way))`,
);

const LOCK_KEY = statement('token.lockRequestKey', `select pg_advisory_xact_lock(hashtextextended($1::text, 7308))`);

/**
 * Inserts a request. Those with one key wait here for each other until the transaction ends: the next one sees what was stored, which
 * a unique index of apps alone would not tell a request of another way. Nothing is locked after it. False if its key has served another one and one of the two is an app's: an app makes a key for one request alone.
 * @throws the violation of {@link ONE_JTI} or {@link ONE_APP}
 */
export async function insertBackchannelRequest(tx: Tx, request: NewBackchannelRequest): Promise<boolean> {
  const { binding, target } = request;
  if (binding?.kind === 'dpop') await execute(tx, LOCK_KEY, [binding.jkt]);
  const inserted = await execute(tx, INSERT_REQUEST, [
    request.id,
    request.authReqIdHash,
    request.clientId,
    target.purpose === 'payment' ? target.consentId : null,
    request.way,
    ...bindingColumns(binding),
    request.scope ?? null,
    request.nonce ?? null,
    request.requestObjectSealed,
    request.requestObjectJtiHash,
    request.pingSealed ?? null,
    request.requestedAt,
    request.expiresAt,
    target.purpose === 'login' ? target.loginId : null,
  ]);
  return inserted > 0;
}

const REFUSE_REQUEST = statement(
  'token.refuseBackchannelRequest',
  `with refused as (
     update backchannel_request set refused_at = $2, ping_sealed = null, ping_due_at = null
      where id = $1 and num_nonnulls(refused_at, redeemed_at) = 0
     returning id)
   delete from idempotent_push p using refused where p.backchannel_id = refused.id`,
);

/** BankID made no order: the client is not told of the request, may send it again, and may use its Idempotency-Key again. */
export async function refuseBackchannelRequest(scope: Scope, id: BackchannelId, now: Date): Promise<void> {
  await execute(scope, REFUSE_REQUEST, [id, now]);
}

/** A request, for its holder. */
export interface HeldRequest {
  readonly id: BackchannelId;
  readonly clientId: ClientId;
  readonly target: RequestTarget;
  readonly way: BackchannelWay;
}

const FIND_HELD = statement(
  'token.findHeldRequest',
  `select id, client_id, consent_id, login_id, way
     from backchannel_request
    where id = $1 and num_nonnulls(refused_at) = 0
      and case when num_nonnulls(jkt, x5t) = 0 then client_id = $2 else jkt = $3 or x5t = $4 end`,
);

/** Undefined for another's request, as for one that there is not. */
export async function findHeldRequest(
  scope: Scope,
  id: BackchannelId,
  { binding, clientId }: Holder,
): Promise<HeldRequest | undefined> {
  return maybeRow(scope, FIND_HELD, [id, clientId ?? null, ...bindingColumns(binding)], (row) => ({
    id: text(row, 'id') as BackchannelId,
    clientId: text(row, 'client_id') as ClientId,
    target: parseTarget(row),
    way: text(row, 'way') as BackchannelWay,
  }));
}
