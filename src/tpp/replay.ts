import { createHash } from 'node:crypto';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import type { Scope } from '../platform/database.ts';
import type { Row } from '../platform/rows.ts';
import { insertUsed, insertUsedAndQuery } from './replay/used-jti.repository.ts';

/** The id of one proof, good for one use. Only its hash is kept, until the proof expires by itself. */
export interface ReplayEntry {
  readonly hash: Buffer;
  readonly expiresAt: Date;
  /** What to answer when it was used before. */
  readonly code: Extract<ErrorCode, 'client.assertion-replayed' | 'dpop.replayed'>;
}

/** `issuer`: the client id, or the key's thumbprint. Two issuers may choose the same jti. */
export function replayEntry(kind: 'assertion' | 'dpop', issuer: string, jti: string, expiresAt: Date): ReplayEntry {
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, issuer, jti]), 'utf8')
    .digest();
  return { hash, expiresAt, code: kind === 'assertion' ? 'client.assertion-replayed' : 'dpop.replayed' };
}

/**
 * Uses up the ids of all proofs of one request, in one statement. Two requests with the same proof in flight: the database lets one win.
 * @throws DomainError `client.assertion-replayed` or `dpop.replayed` when any of them was used before; the caller rolls back
 * @see RFC 7523 §3 point 7, RFC 9449 §11.1
 */
export async function burnJti(scope: Scope, entries: readonly ReplayEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const fresh = await insertUsed(scope, entries);
  const used = entries.find((entry) => !fresh.some((hash) => hash.equals(entry.hash)));
  if (used) throw new DomainError(used.code);
}

/** Uses them up where the request was refused anyway: whether they were new makes no difference any more. */
export async function rememberJti(scope: Scope, entries: readonly ReplayEntry[]): Promise<void> {
  if (entries.length > 0) await insertUsed(scope, entries);
}

/**
 * Uses up one proof, if there is one, and reads, in a single statement: introspection is asked for every payment and has no transaction to share.
 * @param query a select whose parameters are numbered from $3
 * @throws DomainError like {@link burnJti}
 */
export async function burnJtiAndQuery<T>(
  scope: Scope,
  entry: ReplayEntry | undefined,
  query: string,
  params: readonly unknown[],
  parseRow: (row: Row) => T,
): Promise<T | undefined> {
  const result = await insertUsedAndQuery(scope, entry, query, params, parseRow);
  if (!result && entry) throw new DomainError(entry.code);
  return result?.answer;
}
