import { hash } from 'node:crypto';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import type { Scope } from '../platform/database.ts';
import { insertUsed, type BurnParams } from './replay/used-jti.repository.ts';

/** The id of one proof, good for one use. Only its hash is kept, until the proof expires by itself. */
export interface ReplayEntry {
  readonly hash: Buffer;
  readonly expiresAt: Date;
  /** What to answer when it was used before. */
  readonly code: Extract<ErrorCode, 'client.assertion-replayed' | 'dpop.replayed'>;
}

/** `issuer`: the client id, or the key's thumbprint. Two issuers may choose the same jti. */
export function replayEntry(kind: 'assertion' | 'dpop', issuer: string, jti: string, expiresAt: Date): ReplayEntry {
  return {
    hash: hash('sha256', JSON.stringify([kind, issuer, jti]), 'buffer'),
    expiresAt,
    code: kind === 'assertion' ? 'client.assertion-replayed' : 'dpop.replayed',
  };
}

/**
 * Uses up the ids of all proofs of one request, in one statement. Two requests with the same proof in flight: the database lets one win.
 * @throws DomainError `client.assertion-replayed` or `dpop.replayed` when any of them was used before; the caller rolls back
 * @see RFC 7523 §3 point 7, RFC 9449 §11.1
 */
export async function burnJti(scope: Scope, entries: readonly ReplayEntry[]): Promise<void> {
  if (entries.length === 0) return;
  checkFresh(entries, await insertUsed(scope, entries));
}

/** Uses them up where the request was refused anyway: whether they were new makes no difference any more. */
export async function rememberJti(scope: Scope, entries: readonly ReplayEntry[]): Promise<void> {
  if (entries.length > 0) await insertUsed(scope, entries);
}

/** What a composed statement is given to use up the proofs of a request in its first step. */
export function burnParams(entries: readonly ReplayEntry[]): BurnParams {
  return {
    proof_hashes: entries.map((entry) => entry.hash),
    proof_expiries: entries.map((entry) => entry.expiresAt),
  };
}

/**
 * @param fresh those that were new, where not all were: the statement did nothing but to use those up
 * @throws DomainError like {@link burnJti}
 */
export function checkFresh(entries: readonly ReplayEntry[], fresh: readonly Buffer[] | undefined): void {
  const replayed = fresh && entries.find((entry) => !fresh.some((hash) => hash.equals(entry.hash)));
  if (replayed) throw new DomainError(replayed.code);
}

export { NEW_PROOFS, parseNewProofs, proven, used, usedOf, type BurnParams } from './replay/used-jti.repository.ts';
