import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { ClientCertificates } from './certificate/client-certificates.ts';
import { DpopNonces } from './proof/dpop-nonces.ts';
import { checkDpopProof, type DpopProof } from './dpop.ts';

/** How a request proves that its sender holds the key or certificate that a token is bound to (RFC 9449, RFC 8705). */
@Injectable()
export class ProofOfPossession {
  readonly #certificates: ClientCertificates;
  readonly #nonces: DpopNonces;
  readonly #clock: Clock;
  readonly #issuer: string;
  readonly #mtlsUrl: string | undefined;

  constructor(
    certificates: ClientCertificates,
    nonces: DpopNonces,
    @Inject(CLOCK) clock: Clock,
    @Inject(CONFIG) config: AppConfig,
  ) {
    this.#certificates = certificates;
    this.#nonces = nonces;
    this.#clock = clock;
    this.#issuer = config.issuer;
    this.#mtlsUrl = config.mtls?.url;
  }

  /**
   * The DPoP proof of this request. Its `htu` may name the endpoint by either of our addresses, the issuer's or the one for
   * client certificates (RFC 8705 §5).
   * @param accessToken at a resource: the token that came with it
   * @throws DomainError `dpop.missing`, `dpop.invalid`, `dpop.nonce-required`
   */
  checkProof(request: Request, accessToken?: string): DpopProof {
    const path = request.originalUrl.replace(/[?#].*$/s, '');
    const proof = {
      header: request.headers['dpop'],
      method: request.method,
      uri: `${this.#issuer}${path}`,
      ...(this.#mtlsUrl === undefined ? {} : { mtlsUri: `${this.#mtlsUrl}${path}` }),
      ...(this.#nonces.isRequired ? { acceptsNonce: (nonce: unknown) => this.#nonces.accepts(nonce) } : {}),
      ...(accessToken === undefined ? {} : { accessToken }),
    };
    return checkDpopProof(proof, this.#clock.now());
  }

  /** The thumbprint of the client certificate, where one was shown. @throws DomainError `client.certificate-invalid` */
  findCertificate(request: Request): string | undefined {
    return this.#certificates.find(request)?.x5t;
  }
}
