import type { ConsentId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../platform/database.ts';
import { findNamedKeys, keyIdOf } from '../../platform/key-ids.repository.ts';
import { bytes, instant, text } from '../../platform/rows.ts';

interface Claim {
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  readonly now: Date;
  readonly expiresAt: Date;
}

export interface FormerPush {
  readonly requestHash: Buffer;
  readonly consentId: ConsentId;
  readonly requestUriHash: Buffer;
  readonly requestUriExpiresAt: Date;
}

/**
 * True for whoever is first, and for the first after a day. Another transaction that claims the same key is waited for,
 * so that two pushes at once create one consent.
 */
export async function claimKey(tx: Tx, { keyHash, requestHash, now, expiresAt }: Claim): Promise<boolean> {
  const claimed = await execute(
    tx,
    `insert into idempotent_push (key_hash, request_hash, expires_at) values ($1, $2, $4)
     on conflict (key_hash) do update
        set request_hash = excluded.request_hash, consent_id = null, expires_at = excluded.expires_at
      where idempotent_push.expires_at <= $3`,
    [keyHash, requestHash, now, expiresAt],
  );
  return claimed === 1;
}

/** What the claimed key stands for from now on. */
export async function nameConsent(tx: Tx, keyHash: Buffer, consentId: ConsentId): Promise<void> {
  await execute(tx, 'update idempotent_push set consent_id = $2 where key_hash = $1', [keyHash, consentId]);
}

export async function findFormerPush(tx: Tx, keyHash: Buffer): Promise<FormerPush | undefined> {
  return maybeRow(
    tx,
    `select p.request_hash, p.consent_id, r.request_uri_hash, r.expires_at
       from idempotent_push p join authorization_request r on r.consent_id = p.consent_id
      where p.key_hash = $1`,
    [keyHash],
    (row) => ({
      requestHash: bytes(row, 'request_hash'),
      consentId: text(row, 'consent_id') as ConsentId,
      requestUriHash: bytes(row, 'request_uri_hash'),
      requestUriExpiresAt: instant(row, 'expires_at'),
    }),
  );
}

/** The ids of the look-up keys of pushes that may still be repeated. */
export async function findLookupKeys(scope: Scope, now: Date): Promise<readonly string[]> {
  const named = await findNamedKeys(scope, {
    table: 'idempotent_push',
    keyId: keyIdOf('request_hash'),
    at: 'expires_at',
  });
  return named.filter(({ newest }) => newest && newest > now).map(({ keyId }) => keyId);
}

/** Forgets keys that expired before `before`, a thousand at a time; rows that somebody holds wait for the next time. */
export async function deleteExpiredKeys(scope: Scope, before: Date): Promise<number> {
  return execute(
    scope,
    `delete from idempotent_push
      where key_hash in (select key_hash from idempotent_push where expires_at < $1
                          order by expires_at limit 1000 for update skip locked)`,
    [before],
  );
}
