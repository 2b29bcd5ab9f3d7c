import { Injectable } from '@nestjs/common';

/** What the health check found last, as `GET /health/ready` says it. */
export interface HealthFound {
  readonly checkedAt: Date;
  readonly status: string;
  /** Our clock minus BankID's, in milliseconds; null where it was not to be had. */
  readonly bankidOffsetMs: number | null;
  /** Names of the parts that were not up. */
  readonly degraded: readonly string[];
  readonly down: readonly string[];
}

/** Kept from one check to the next, so that evidence can record it without a check of its own. */
@Injectable()
export class LatestHealth {
  #latest: HealthFound | undefined;

  keep(found: HealthFound): void {
    this.#latest = found;
  }

  /** Undefined before the first check. */
  latest(): HealthFound | undefined {
    return this.#latest;
  }
}
