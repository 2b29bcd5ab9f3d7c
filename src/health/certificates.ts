import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig, type BankIdConfig } from '../config/config.ts';
import { DEFAULT_RP_CERTIFICATE, rpCertificates } from '../config/rp-certificates.ts';
import { DAY_MS, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { Metrics } from '../operations/metrics.ts';

/** The name of the certificate of seals. */
export const SEAL_CERTIFICATE = 'seal-certificate';

/** The certificates that this instance depends on. */
@Injectable()
export class Certificates {
  readonly #certificates: ReadonlyMap<string, X509Certificate>;

  constructor(
    @Inject(CONFIG) { bankid, seal }: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.#certificates = new Map([
      ...rpCertificatesOf(bankid),
      ['bankid-tls-root', new X509Certificate(bankid.tlsRoot)],
      ['bankid-signature-root', new X509Certificate(bankid.signatureRoot)],
      ...(seal ? [[SEAL_CERTIFICATE, new X509Certificate(seal.chain[0])] as const] : []),
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

/** The default one without its id. */
function rpCertificatesOf(bankid: BankIdConfig): readonly (readonly [string, X509Certificate])[] {
  return [...rpCertificates(bankid)].map(([id, { certificate }]) => [
    id === DEFAULT_RP_CERTIFICATE ? 'rp-certificate' : `rp-certificate-${id}`,
    new X509Certificate(certificate),
  ]);
}
