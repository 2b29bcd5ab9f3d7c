import { Injectable, Logger, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { isFromTrustedProxy } from '../client-certificates.ts';

const HEADERS = ['client-cert', 'client-cert-chain'];

/**
 * Refuses whoever writes a client certificate into a header without being a configured proxy: it claims an identity that
 * nobody has checked. Ignoring it would hide the attempt.
 * @see RFC 9440 §4
 */
@Injectable()
export class ForgedCertificateMiddleware implements NestMiddleware {
  readonly #log = new Logger(ForgedCertificateMiddleware.name);

  use(request: Request, _response: Response, next: NextFunction): void {
    if (!HEADERS.some((name) => request.headers[name] !== undefined) || isFromTrustedProxy(request)) {
      next();
      return;
    }
    this.#log.warn({ msg: 'a client certificate in a header from elsewhere', from: request.socket.remoteAddress });
    next(new DomainError('request.forged-certificate'));
  }
}
