import type { ConsentId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope } from '../../database/database.ts';
import { findNamedKeys, keyIdOf, namedKeys } from '../../vault/key-ids.repository.ts';
import { bytes, instant, optionalInstant, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** An Idempotency-Key as the push itself claims it. */
export interface KeyClaim {
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  /** After this time the key may be used for another push. */
  readonly expiresAt: Date;
}

/** The push that claimed a key. */
export interface StoredPush {
  readonly requestHash: Buffer;
  readonly consentId: ConsentId;
  readonly requestUriHash: Buffer;
  readonly requestUriExpiresAt: Date;
}

const FIND_STORED_PUSH = statement(
  'token.findStoredPush',
  `select p.request_hash, p.consent_id, r.request_uri_hash, r.expires_at
     from idempotent_push p join authorization_request r on r.consent_id = p.consent_id
    where p.key_hash = $1`,
);

export async function findStoredPush(scope: Scope, keyHash: Buffer): Promise<StoredPush | undefined> {
  return maybeRow(scope, FIND_STORED_PUSH, [keyHash], (row) => ({
    requestHash: bytes(row, 'request_hash'),
    consentId: text(row, 'consent_id') as ConsentId,
    requestUriHash: bytes(row, 'request_uri_hash'),
    requestUriExpiresAt: instant(row, 'expires_at'),
  }));
}

const KEYS_OF_PUSHES = namedKeys('token.findKeysOfPushes', {
  table: 'idempotent_push',
  keyId: keyIdOf('request_hash'),
  at: 'expires_at',
});

/** The ids of the look-up keys of pushes whose Idempotency-Key has not expired. */
export async function findLookupKeys(scope: Scope, now: Date): Promise<readonly string[]> {
  const named = await findNamedKeys(scope, KEYS_OF_PUSHES);
  return named.filter(({ newest }) => newest && newest > now).map(({ keyId }) => keyId);
}

const FIND_OLDEST_KEY = statement('token.findOldestKey', 'select min(expires_at) as expires_at from idempotent_push');

/** The earliest expiry of the stored keys; undefined if there are none. */
export async function findOldestKey(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, FIND_OLDEST_KEY, [], (row) => optionalInstant(row, 'expires_at'));
}

const DELETE_EXPIRED_KEYS = statement(
  'token.deleteExpiredKeys',
  `delete from idempotent_push
    where key_hash = any(array(select key_hash from idempotent_push where expires_at < $1
                                order by expires_at limit $2 for update skip locked))`,
);

/** Deletes up to `limit` keys that expired before `before`; a locked row is left for the next run. */
export async function deleteExpiredKeys(scope: Scope, before: Date, limit: number): Promise<number> {
  return execute(scope, DELETE_EXPIRED_KEYS, [before, limit]);
}
