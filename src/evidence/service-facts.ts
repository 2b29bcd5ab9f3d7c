import { hash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { ClockOffset } from '../database/clock-offset.ts';
import { LatestHealth } from '../health/latest-health.ts';
import { formatInstant } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { SOFTWARE_VERSION } from '../kernel/version.ts';
import { buildDigest } from './build-digest.ts';
import { SignatureTrust } from './signature-trust.ts';

/** What circumstances.json says of this service: which program it was, by which root and policy it judged, and how it was. */
@Injectable()
export class ServiceFacts implements OnApplicationBootstrap {
  readonly #rootFingerprint: string;

  constructor(
    private readonly trust: SignatureTrust,
    private readonly clockOffset: ClockOffset,
    private readonly health: LatestHealth,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'workers'>,
  ) {
    const [root] = trust.anchors.roots;
    this.#rootFingerprint = root ? hash('sha256', root.certificate.der, 'hex') : '';
  }

  /** Where evidence is made, the program is read now: it may be replaced while it runs. */
  onApplicationBootstrap(): void {
    if (this.config.workers) buildDigest();
  }

  /** No query, and nothing that waits: clock and health as they were measured last, at most a minute ago. */
  now(): JsonObject {
    const found = this.health.latest();
    return {
      softwareVersion: SOFTWARE_VERSION,
      buildDigest: buildDigest(),
      verificationPolicy: this.trust.policy.name,
      rootFingerprint: this.#rootFingerprint,
      clockOffsetMs: this.clockOffset.latestMs() ?? null,
      healthAt: found ? { ...found, checkedAt: formatInstant(found.checkedAt) } : null,
    };
  }
}
