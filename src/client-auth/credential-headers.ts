import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import { isFromTrustedProxy } from './certificate/client-certificates.ts';
import { DpopNonces } from './proof/dpop-nonces.ts';

const CERTIFICATE_HEADERS = ['client-cert', 'client-cert-chain'];

/** The headers by which callers prove themselves, checked before the request is routed and whatever its route requires. */
@Injectable()
export class CredentialHeaders {
  constructor(private readonly nonces: DpopNonces) {}

  /**
   * Refuses a client certificate in a header from any peer but a configured proxy: it claims an identity that has not been
   * checked, and ignoring it would hide the attempt. A caller that sends a DPoP proof is given the nonce for its next one,
   * whatever the answer is.
   * @see RFC 9440 §4, RFC 9449 §8.2
   */
  readonly check = (request: Request, response: Response, next: NextFunction): void => {
    if (CERTIFICATE_HEADERS.some((name) => request.headers[name] !== undefined) && !isFromTrustedProxy(request)) {
      next(new DomainError('request.forged-certificate', { log: `from ${request.socket.remoteAddress ?? 'nowhere'}` }));
      return;
    }
    if (this.nonces.isRequired && request.headers['dpop'] !== undefined) {
      response.setHeader('DPoP-Nonce', this.nonces.current());
    }
    next();
  };
}
