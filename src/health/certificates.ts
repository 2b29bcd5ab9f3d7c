import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { DAY_MS, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { Metrics } from '../operations/metrics.ts';

/** The certificates that this instance depends on. */
@Injectable()
export class Certificates {
  readonly #certificates: ReadonlyMap<string, X509Certificate>;

  constructor(
    @Inject(CONFIG) { bankid }: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.#certificates = new Map([
      ['rp-certificate', new X509Certificate(bankid.certificate)],
      ['bankid-tls-root', new X509Certificate(bankid.tlsRoot)],
      ['bankid-signature-root', new X509Certificate(bankid.signatureRoot)],
    ]);
  }

  /** Whole days until each expires; negative once it has. */
  daysLeft(): Readonly<Record<string, number>> {
    const entries = [...this.#certificates].map(([name, certificate]) => [name, this.#daysLeft(certificate)] as const);
    for (const [certificate, days] of entries) {
      this.metrics.setGauge('sigill_certificate_days_left', 'Days until it expires', days, { certificate });
    }
    return Object.fromEntries(entries);
  }

  #daysLeft(certificate: X509Certificate): number {
    return Math.floor((Date.parse(certificate.validTo) - this.clock.now().getTime()) / DAY_MS);
  }
}
