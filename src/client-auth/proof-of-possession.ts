import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { ClientCertificates } from './certificate/client-certificates.ts';
import { DpopNonces } from './proof/dpop-nonces.ts';
import { checkDpopProof, type DpopProof } from './dpop.ts';

/** Proof that the sender of a request holds the key or certificate that a token is bound to (RFC 9449, RFC 8705). */
@Injectable()
export class ProofOfPossession {
  constructor(
    private readonly certificates: ClientCertificates,
    private readonly nonces: DpopNonces,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * The DPoP proof of this request. Its `htu` may name the endpoint at either of our origins, the issuer's or the one for
   * client certificates (RFC 8705 §5).
   * @param accessToken at a resource: the token that came with it
   * @throws DomainError `dpop.missing`, `dpop.invalid`, `dpop.nonce-required`
   */
  checkProof(request: Request, accessToken?: string): DpopProof {
    const { issuer, mtls } = this.config;
    const path = request.originalUrl.replace(/[?#].*$/s, '');
    const proof = {
      header: request.headers['dpop'],
      method: request.method,
      uri: `${issuer}${path}`,
      ...(mtls === undefined ? {} : { mtlsUri: `${mtls.url}${path}` }),
      ...(this.nonces.isRequired ? { acceptsNonce: (nonce: unknown) => this.nonces.accepts(nonce) } : {}),
      ...(accessToken === undefined ? {} : { accessToken }),
    };
    return checkDpopProof(proof, this.clock.now());
  }

  /** The thumbprint of the client certificate, if one was presented. @throws DomainError `client.certificate-invalid` */
  findCertificate(request: Request): string | undefined {
    return this.certificates.find(request)?.x5t;
  }
}
