import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { TimestampAuthorityConfig } from '../config/config.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { writeRequest } from '../crypto/tsp/request.ts';
import { readResponse } from '../crypto/tsp/response.ts';
import { TimestampError } from '../crypto/tsp/timestamp-error.ts';
import { verifyToken, type VerifiedTimestamp } from '../crypto/tsp/verify-token.ts';
import { parseCertificate, type Certificate } from '../crypto/x509/certificate.ts';
import { MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { describeError } from '../operations/describe-error.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { AuthorityClient } from './authority-client.ts';

/** A token that has been verified. */
export interface Timestamp extends VerifiedTimestamp {
  /** DER of the TimeStampToken. */
  readonly token: Buffer;
}

interface Authority {
  readonly url: string;
  /** How logs and metrics call it. */
  readonly host: string;
  readonly trust: readonly Certificate[];
  readonly policies: readonly string[] | undefined;
}

const NONCE_BYTES = 16;
/** How long an authority is not asked whose token was wrong: it is broken, or it is not the one we mean. */
const LIAR_MS = 60 * MINUTE_MS;

/** Timestamps by the configured authorities (RFC 3161). Several may be asked; each token is verified under its own authority's trust. */
export class Timestamps {
  readonly #log = new Logger(Timestamps.name);
  readonly #authorities: readonly Authority[];
  /** Since when an authority is not asked, in milliseconds, by its URL. */
  readonly #liars = new Map<string, number>();

  /** @throws TypeError if a trusted certificate cannot be read */
  constructor(
    configured: readonly TimestampAuthorityConfig[],
    private readonly client: AuthorityClient,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {
    this.#authorities = configured.map(importAuthority);
  }

  get areConfigured(): boolean {
    return this.#authorities.length > 0;
  }

  /**
   * A timestamp of a SHA-256 digest, by the first authority that answers in time and rightly.
   * @throws DomainError `service.unavailable` if none does
   */
  async stamp(digest: Buffer): Promise<Timestamp> {
    for (const authority of this.#authorities) {
      if (this.#isLiar(authority)) continue;
      const stamped = await this.#ask(authority, digest);
      if (stamped) return stamped;
    }
    const log = this.areConfigured ? 'no timestamping authority answered' : 'no timestamping authority is configured';
    throw new DomainError('service.unavailable', { log, retryAfterSeconds: 60 });
  }

  /**
   * Verifies a token over a SHA-256 digest that was made earlier, under the trust of any authority that is configured today.
   * @throws TimestampError of the last authority
   */
  verify(token: Uint8Array, digest: Buffer): VerifiedTimestamp {
    let failure = new TimestampError('path', 'no timestamping authority is configured');
    for (const { trust } of this.#authorities) {
      try {
        return verifyToken(token, { imprint: { algorithm: 'sha256', digest }, trust });
      } catch (error) {
        if (!(error instanceof TimestampError)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  #isLiar({ url }: Authority): boolean {
    const ago = this.clock.now().getTime() - (this.#liars.get(url) ?? -Infinity);
    // Negative where our clock was ahead: then it was no liar.
    return ago >= 0 && ago < LIAR_MS;
  }

  async #ask(authority: Authority, digest: Buffer): Promise<Timestamp | undefined> {
    const imprint = { algorithm: 'sha256', digest } as const;
    const nonce = randomBytes(NONCE_BYTES);
    const from = this.clock.now();
    let token: Buffer;
    try {
      token = readResponse(await this.client.ask(authority.url, writeRequest(imprint, nonce)));
    } catch (error) {
      this.#record(authority, 'failed');
      this.#log.warn({ msg: `${authority.host} gave no timestamp`, error: describeError(error) });
      return undefined;
    }
    const { trust, policies } = authority;
    const within = { from, to: this.clock.now() };
    try {
      const verified = verifyToken(token, { imprint, nonce, trust, policies, within });
      this.#record(authority, 'stamped');
      return { ...verified, token };
    } catch (error) {
      if (!(error instanceof TimestampError)) throw error;
      this.#liars.set(authority.url, within.to.getTime());
      this.#record(authority, 'wrong');
      const { reason, message } = error;
      this.#log.error({
        msg: `${authority.host} gave a wrong timestamp and is not asked for an hour`,
        reason,
        message,
      });
      return undefined;
    }
  }

  #record({ host }: Authority, outcome: 'stamped' | 'failed' | 'wrong'): void {
    this.metrics.count('sigill_timestamps_total', 'Timestamps asked for, by authority and outcome', {
      authority: host,
      outcome,
    });
  }
}

function importAuthority({ url, trust, policies }: TimestampAuthorityConfig): Authority {
  const { host } = new URL(url);
  const certificates = attempt(() => trust.map(parseCertificate));
  if (certificates instanceof Malformed) {
    throw new TypeError(`TIMESTAMP_AUTHORITIES_FILE: a certificate of ${host} cannot be used: ${certificates.message}`);
  }
  return { url, host, trust: certificates, policies };
}
