import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import { isFromTrustedProxy } from './client-certificates.ts';
import { DpopNonces } from './dpop-nonces.ts';

const CERTIFICATE_HEADERS = ['client-cert', 'client-cert-chain'];

/** What every request passes before its route is looked for, whatever that asks of its caller. */
@Injectable()
export class Door {
  readonly #nonces: DpopNonces;

  constructor(nonces: DpopNonces) {
    this.#nonces = nonces;
  }

  /**
   * Refuses whoever writes a client certificate into a header without being a configured proxy: it claims an identity that
   * nobody has checked, and ignoring it would hide the attempt. Whoever sends a proof is given the nonce for its next one,
   * whatever the answer is.
   * @see RFC 9440 §4, RFC 9449 §8.2
   */
  readonly enter = (request: Request, response: Response, next: NextFunction): void => {
    if (CERTIFICATE_HEADERS.some((name) => request.headers[name] !== undefined) && !isFromTrustedProxy(request)) {
      next(new DomainError('request.forged-certificate', { log: `from ${request.socket.remoteAddress ?? 'nowhere'}` }));
      return;
    }
    if (this.#nonces.isRequired && request.headers['dpop'] !== undefined) {
      response.setHeader('DPoP-Nonce', this.#nonces.current());
    }
    next();
  };
}
