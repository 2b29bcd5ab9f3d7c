import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import { isFromTrustedProxy } from './certificate/client-certificates.ts';
import { DpopNonces } from './proof/dpop-nonces.ts';

const CERTIFICATE_HEADERS = ['client-cert', 'client-cert-chain'];

/** Checks the headers with credentials before routing, on every route. */
@Injectable()
export class CredentialHeaders {
  constructor(private readonly nonces: DpopNonces) {}

  /**
   * Refuses a client certificate in a header from a peer that is not a configured proxy: it claims an identity that has not been
   * checked, and ignoring it would hide the attempt. A caller that sends a DPoP proof always gets the nonce for its next one.
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
