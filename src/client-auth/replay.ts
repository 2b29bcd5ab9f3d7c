import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { batched } from '../database/batched.ts';
import { Database } from '../database/database.ts';
import { checkCallerWaits } from '../operations/current-request.ts';
import { ClaimRecord } from './replay/claim-record.ts';
import { claimProofs } from './replay/claimed-proof.repository.ts';

/** The time in which a server with a correct clock accepts a proof, by the proof's own claims. */
export interface Acceptable {
  readonly from: Date;
  readonly until: Date;
}

/** The id of one proof, which may be used once. Only its hash is kept, until the proof expires by itself. */
export interface ReplayEntry {
  readonly hash: Buffer;
  /** It cannot have been claimed before this moment. A record that is complete only since a later one cannot tell. */
  readonly acceptableFrom: Date;
  readonly expiresAt: Date;
  /** The answer when it was claimed before. */
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

/** Client assertions and DPoP proofs may be used once. */
@Injectable()
export class Replay {
  /** The first of a request's proofs that could not be claimed; undefined if all were. */
  readonly #claim: (proofs: readonly ReplayEntry[]) => Promise<ReplayEntry | undefined>;

  constructor(
    database: Database,
    private readonly record: ClaimRecord,
  ) {
    this.#claim = batched((requests) => claimTogether(database, requests));
  }

  /**
   * Claims the proofs of a request before any work is done for it; later steps know nothing of them. Of two requests with the
   * same proof only one goes on, even on different instances.
   * @param proofs verified before; a caller that authenticated by certificate has none
   * @throws DomainError `client.assertion-replayed`, `dpop.replayed`; `service.unavailable` for a proof that is older than the
   *   record, and if the caller has hung up: then nothing is claimed
   * @see RFC 7523 §3 point 7, RFC 9449 §11.1
   */
  async claim(...proofs: readonly (ReplayEntry | undefined)[]): Promise<void> {
    const shown = proofs.filter((proof) => proof !== undefined);
    checkCallerWaits();
    const refused = shown.length === 0 ? undefined : await this.#claim(shown);
    if (!refused) return;
    await this.record.checkCovers(refused);
    throw new DomainError(refused.code);
  }
}

/** Of requests with the same proof in one batch, the first claims it. All proofs of a request are claimed, even if one is refused. */
async function claimTogether(
  database: Database,
  requests: readonly (readonly ReplayEntry[])[],
): Promise<readonly (ReplayEntry | undefined)[]> {
  const claimed = new Set((await claimProofs(database, requests.flat())).map((proof) => proof.toString('latin1')));
  return requests.map((proofs) => {
    const [refused] = proofs.filter((proof) => !claimed.delete(proof.hash.toString('latin1')));
    return refused;
  });
}
