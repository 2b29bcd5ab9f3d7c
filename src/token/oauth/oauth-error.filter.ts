import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { setRetryAfterByStatus, toDomainError } from '../../http/problems.ts';
import { noteError } from '../../operations/current-request.ts';
import { oauthErrorOf } from './oauth-errors.ts';

/** Answers errors of the OAuth endpoints as RFC 6749 requires; the rest of the service uses RFC 9457 problems. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  readonly #issuer: string;

  constructor(@Inject(CONFIG) config: Pick<AppConfig, 'issuer'>) {
    this.#issuer = config.issuer;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    noteError(error);
    const domain = toDomainError(error);
    const answer = oauthErrorOf(domain, this.#issuer);
    const response = host.switchToHttp().getResponse<Response>();
    setRetryAfterByStatus(response, answer.status, domain);
    response.status(answer.status).setHeader('Cache-Control', 'no-store').json(answer.body);
  }
}
