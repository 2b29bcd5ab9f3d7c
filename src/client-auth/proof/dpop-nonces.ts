import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope } from '../../vault/envelope.ts';

const PERIOD_MS = 2 * MINUTE_MS;
const KIND = 'dpop-nonce';

/**
 * Nonces that show that a DPoP proof is recent. All instances derive the same one for each two minutes from the look-up key:
 * nothing is stored, and a client cannot predict one.
 * @see RFC 9449 §8, §9
 */
@Injectable()
export class DpopNonces {
  readonly isRequired: boolean;

  constructor(
    private readonly envelope: Envelope,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.isRequired = config.dpopNonce;
  }

  /** For the header DPoP-Nonce. */
  current(): string {
    return this.envelope.lookupHash(KIND, String(this.#period())).toString('base64url');
  }

  /** Accepts the nonce of this period, of the previous one, and of the next one in case another instance's clock is ahead. */
  accepts(nonce: unknown): boolean {
    const periods = [0, -1, 1].map((step) => String(this.#period() + step));
    return periods
      .flatMap((period) => this.envelope.lookupHashes(KIND, period))
      .some((hash) => hash.toString('base64url') === nonce);
  }

  #period(): number {
    return Math.floor(this.clock.now().getTime() / PERIOD_MS);
  }
}
