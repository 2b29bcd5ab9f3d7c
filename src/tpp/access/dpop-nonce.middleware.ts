import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DpopNonces } from '../dpop-nonces.ts';

/** Gives whoever sends a proof the nonce for its next one, whatever the answer is. @see RFC 9449 §8.2 */
@Injectable()
export class DpopNonceMiddleware implements NestMiddleware {
  readonly #nonces: DpopNonces;

  constructor(nonces: DpopNonces) {
    this.#nonces = nonces;
  }

  use(request: Request, response: Response, next: NextFunction): void {
    if (this.#nonces.isRequired && request.headers['dpop'] !== undefined) {
      response.setHeader('DPoP-Nonce', this.#nonces.current());
    }
    next();
  }
}
