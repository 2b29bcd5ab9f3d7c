import { hash } from 'node:crypto';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import type { Scope } from '../platform/database.ts';
import { insertUsed, type BurnParams } from './replay/used-jti.repository.ts';

/** When a server with the right time would take a proof, by the proof's own claims. */
export interface Acceptable {
  readonly from: Date;
  readonly until: Date;
}

/** The id of one proof, good for one use. Only its hash is kept, until the proof expires by itself. */
export interface ReplayEntry {
  readonly hash: Buffer;
  /** It cannot have been used before this moment. A memory that begins later does not know whether it was. */
  readonly acceptableFrom: Date;
  readonly expiresAt: Date;
  /** What to answer when it was used before. */
  readonly code: Extract<ErrorCode, 'client.assertion-replayed' | 'dpop.replayed'>;
}

/** `issuer`: the client id, or the key's thumbprint. Two issuers may choose the same jti. */
export function replayEntry(
  kind: 'assertion' | 'dpop',
  issuer: string,
  jti: string,
  acceptable: Acceptable,
): ReplayEntry {
  return {
    hash: hash('sha256', JSON.stringify([kind, issuer, jti]), 'buffer'),
    acceptableFrom: acceptable.from,
    expiresAt: acceptable.until,
    code: kind === 'assertion' ? 'client.assertion-replayed' : 'dpop.replayed',
  };
}

/** A proof that was not taken: it was used before, or it is from before {@link ReplayMemory} begins. */
export class UntakenProof extends DomainError {
  readonly entry: ReplayEntry;

  constructor(entry: ReplayEntry) {
    super(entry.code);
    this.entry = entry;
  }
}

/**
 * Uses up the ids of all proofs of one request, in one statement. Two requests with the same proof in flight: the database lets one win.
 * @throws UntakenProof `client.assertion-replayed` or `dpop.replayed` when any of them was not taken; the caller rolls back
 * @see RFC 7523 §3 point 7, RFC 9449 §11.1
 */
export async function burnJti(scope: Scope, entries: readonly ReplayEntry[]): Promise<void> {
  if (entries.length === 0) return;
  checkFresh(entries, await insertUsed(scope, burnParams(entries)));
}

/** Uses them up where the request was refused anyway: whether they were new makes no difference any more. */
export async function rememberJti(scope: Scope, entries: readonly ReplayEntry[]): Promise<void> {
  if (entries.length > 0) await insertUsed(scope, burnParams(entries));
}

/** What a composed statement is given to use up the proofs of a request in its first step. */
export function burnParams(entries: readonly ReplayEntry[]): BurnParams {
  return {
    proof_hashes: entries.map((entry) => entry.hash),
    proof_froms: entries.map((entry) => entry.acceptableFrom),
    proof_expiries: entries.map((entry) => entry.expiresAt),
  };
}

/**
 * @param fresh those that were new, where not all were: the statement did nothing but to use those up
 * @throws UntakenProof like {@link burnJti}
 */
export function checkFresh(entries: readonly ReplayEntry[], fresh: readonly Buffer[] | undefined): void {
  const untaken = fresh && entries.find((entry) => !fresh.some((hash) => hash.equals(entry.hash)));
  if (untaken) throw new UntakenProof(untaken);
}

export { NEW_PROOFS, parseNewProofs, proven, used, usedOf, type BurnParams } from './replay/used-jti.repository.ts';
