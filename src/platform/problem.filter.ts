import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { describeError } from './describe-error.ts';
import { currentRequestId } from './request-scope.ts';
import { findProblemSpec, problemOf, RETRY_AFTER_SECONDS, toDomainError, type Problem } from './problems.ts';

/**
 * The last stop of every error: the client gets a problem document, the operator a log line under the same request id.
 * @see RFC 9457
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger(ProblemFilter.name);
  readonly #issuer: string;

  constructor(@Inject(CONFIG) config: Pick<AppConfig, 'issuer'>) {
    this.#issuer = config.issuer;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const problem = problemOf(error, currentRequestId() ?? 'unknown', this.#issuer);
    this.#record(error, problem);
    // A stream that has begun can only be broken off: the client must not take half an export for a whole one.
    if (response.headersSent) response.destroy();
    else send(response, problem);
  }

  #record(error: unknown, problem: Problem): void {
    const entry = { msg: 'request refused', code: problem.code, requestId: problem.requestId };
    if (problem.status >= 500) this.#log.error({ ...entry, msg: 'request failed', err: describeError(error) });
    else this.#log.debug({ ...entry, reason: toDomainError(error)?.log });
  }
}

function send(response: Response, problem: Problem): void {
  if (findProblemSpec(problem.code)?.retry === 'later' && !response.hasHeader('Retry-After')) {
    response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  }
  response
    .status(problem.status)
    .setHeader('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}
