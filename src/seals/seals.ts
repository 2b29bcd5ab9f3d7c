import { Inject, Injectable } from '@nestjs/common';
import type { Seal } from '../bundle/container.ts';
import { makeSeal, type Sealer, type Stamp } from '../bundle/make-seal.ts';
import { mayMakeSeals } from '../bundle/verify-seal.ts';
import { CONFIG, ConfigError, type AppConfig } from '../config/config.ts';
import { parseSignedData } from '../crypto/cms/signed-data.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { parseCertificate, type Certificate } from '../crypto/x509/certificate.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import { CLOCK } from '../operations/clock.ts';
import { Crls } from '../timestamps/crls.ts';
import { Timestamps } from '../timestamps/timestamps.ts';

/** A seal with the moment that it claims as its own. */
export interface MadeSeal {
  readonly seal: Seal;
  readonly at: Date;
}

/** Seals what leaves the house under the operator's certificate. */
@Injectable()
export class Seals {
  readonly #chain: readonly Certificate[];

  /** @throws ConfigError if the certificate may not make seals */
  constructor(
    @Inject(CONFIG) { seal }: AppConfig,
    private readonly keys: SigningKeys,
    private readonly timestamps: Timestamps,
    private readonly revocation: Crls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#chain = seal ? readChain(seal.chain) : [];
  }

  /** @throws DomainError `evidence.no-bundle` if this installation has no certificate for seals */
  checkConfigured(): void {
    if (this.#chain.length === 0)
      throw new DomainError('evidence.no-bundle', { log: 'SEAL_CERTIFICATE_FILE names no certificate for seals' });
  }

  /**
   * A CAdES seal over a manifest, with a timestamp and CRLs: see {@link makeSeal}.
   * @throws DomainError `evidence.no-bundle`; `evidence.not-sealable` if the certificate is not valid today, or timestamp or CRL are
   *   not to be had
   */
  async seal(manifest: Buffer): Promise<MadeSeal> {
    this.checkConfigured();
    const at = this.clock.now();
    if (this.#chain.some(({ notBefore, notAfter }) => at < notBefore || at > notAfter))
      throw new DomainError('evidence.not-sealable', {
        log: 'a certificate in SEAL_CERTIFICATE_FILE is not valid today',
      });
    try {
      return { seal: await makeSeal(manifest, this.#sealer(), at), at };
    } catch (cause) {
      if (!(cause instanceof DomainError)) throw cause;
      const { message: log, retryAfterSeconds } = cause;
      throw new DomainError('evidence.not-sealable', { log, retryAfterSeconds, cause });
    }
  }

  /** Whether a seal was made with the certificate of today. @param signature CAdES in DER */
  isCurrent(signature: Buffer): boolean {
    const [certificate] = this.#chain;
    return parseSignedData(signature).certificates.some(({ der }) => certificate?.der.equals(der) === true);
  }

  #sealer(): Sealer {
    const [certificate, ...issuers] = this.#chain.map(({ der }) => der);
    if (!certificate) throw new DomainError('evidence.no-bundle');
    const isCurve = this.keys.algorithmsOf('seals')[0] === 'ES256';
    return {
      scheme: isCurve ? { kind: 'ecdsa', hash: 'sha256' } : { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 },
      chain: [certificate, ...issuers],
      sign: (bytes) => this.keys.signSeal(bytes),
      crls: () => this.revocation.crlsOf(this.#chain),
      stamp: (digest) => this.#stamp(digest),
    };
  }

  /** Many authorities put no CRL into their tokens: it then travels beside the seal's own. */
  async #stamp(digest: Buffer): Promise<Stamp> {
    const { token, path, revocation } = await this.timestamps.stamp(digest);
    return { token, crls: revocation === 'good' ? [] : await this.revocation.crlsOf(path) };
  }
}

function readChain(chain: readonly Buffer[]): readonly Certificate[] {
  const certificates = attempt(() => chain.map(parseCertificate));
  if (certificates instanceof Malformed)
    throw new ConfigError([`SEAL_CERTIFICATE_FILE holds a certificate that cannot be used: ${certificates.message}.`]);
  const [certificate] = certificates;
  if (!certificate || !mayMakeSeals(certificate))
    throw new ConfigError(['SEAL_CERTIFICATE_FILE begins with a certificate whose key usage is not for seals.']);
  return certificates;
}
