import { execute, maybeRow, type Scope, type Tx } from '../../../database/database.ts';
import { bytes, instant, text } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import type { BackchannelWay } from '../../../clients/payer-ways.ts';
import type { BackchannelId } from './backchannel-id.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';

/** An Idempotency-Key as the request itself claims it. */
export interface RequestKey {
  readonly keyHash: Buffer;
  readonly contentHash: Buffer;
  readonly requestId: BackchannelId;
  readonly now: Date;
  readonly expiresAt: Date;
}

const CLAIM_KEY = statement(
  'token.claimRequestKey',
  `insert into idempotent_push (key_hash, request_hash, backchannel_id, expires_at) values ($1, $2, $3, $5)
   on conflict (key_hash) do update
      set request_hash = excluded.request_hash, backchannel_id = excluded.backchannel_id, expires_at = excluded.expires_at
    where idempotent_push.expires_at <= $4`,
);

/** Claims a key for the request that is about to be stored. False if an earlier request has it; one that is being stored is waited for. */
export async function claimRequestKey(tx: Tx, key: RequestKey): Promise<boolean> {
  return (await execute(tx, CLAIM_KEY, [key.keyHash, key.contentHash, key.requestId, key.now, key.expiresAt])) > 0;
}

/** The request that claimed a key. */
export interface KeyedRequest {
  readonly contentHash: Buffer;
  readonly id: BackchannelId;
  readonly target: RequestTarget;
  readonly way: BackchannelWay;
  readonly authReqIdHash: Buffer;
  readonly expiresAt: Date;
}

const FIND_KEYED = statement(
  'token.findKeyedRequest',
  `select p.request_hash, r.id, r.consent_id, r.login_id, r.way, r.auth_req_id_hash, r.expires_at
     from idempotent_push p join backchannel_request r on r.id = p.backchannel_id
    where p.key_hash = $1`,
);

export async function findKeyedRequest(scope: Scope, keyHash: Buffer): Promise<KeyedRequest | undefined> {
  return maybeRow(scope, FIND_KEYED, [keyHash], (row) => ({
    contentHash: bytes(row, 'request_hash'),
    id: text(row, 'id') as BackchannelId,
    target: parseTarget(row),
    way: text(row, 'way') as BackchannelWay,
    authReqIdHash: bytes(row, 'auth_req_id_hash'),
    expiresAt: instant(row, 'expires_at'),
  }));
}
