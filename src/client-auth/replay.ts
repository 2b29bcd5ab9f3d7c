import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { batched } from '../database/batched.ts';
import { Database } from '../database/database.ts';
import { checkCallerWaits } from '../operations/current-request.ts';
import { ReplayMemory } from './replay/replay-memory.ts';
import { claimProofs } from './replay/used-jti.repository.ts';

/** When a server with the right time would accept a proof, by the proof's own claims. */
export interface Acceptable {
  readonly from: Date;
  readonly until: Date;
}

/** The id of one proof, good for one use. Only its hash is kept, until the proof expires by itself. */
export interface ReplayEntry {
  readonly hash: Buffer;
  /** It cannot have been claimed before this moment. A memory that begins later does not know whether it was. */
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

/** Client assertions and DPoP proofs are good for one use. */
@Injectable()
export class Replay {
  /** The first of a request's proofs that could not be claimed; undefined where all were. */
  readonly #claim: (proofs: readonly ReplayEntry[]) => Promise<ReplayEntry | undefined>;
  readonly #memory: ReplayMemory;

  constructor(database: Database, memory: ReplayMemory) {
    this.#memory = memory;
    this.#claim = batched((requests) => claimTogether(database, requests));
  }

  /**
   * Claims the proofs of a request, before any work is done for it: nothing that comes after knows of them. Of two requests with
   * the same proof one goes on, wherever they are.
   * @param proofs found genuine before; a caller that showed a certificate has none
   * @throws DomainError `client.assertion-replayed`, `dpop.replayed`; `service.unavailable` for a proof that is older than the
   *   memory, and where the caller has hung up: then nothing is claimed
   * @see RFC 7523 §3 point 7, RFC 9449 §11.1
   */
  async claim(...proofs: readonly (ReplayEntry | undefined)[]): Promise<void> {
    const shown = proofs.filter((proof) => proof !== undefined);
    checkCallerWaits();
    const refused = shown.length === 0 ? undefined : await this.#claim(shown);
    if (!refused) return;
    await this.#memory.checkCovers(refused);
    throw new DomainError(refused.code);
  }
}

/** Of requests that show the same proof together, the first has it. All proofs of a request are claimed, also beside a refused one. */
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
