import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { DomainError } from '../../kernel/errors.ts';
import { currentRequestId, noteError } from '../../operations/current-request.ts';
import { findProblemSpec, problemOf, setRetryAfter, toDomainError, type Problem } from '../problems.ts';

/**
 * Answers an error with a problem document. The operator finds the request's log line by the same id.
 * @see RFC 9457
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #issuer: string;

  constructor(@Inject(CONFIG) config: Pick<AppConfig, 'issuer'>) {
    this.#issuer = config.issuer;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const problem = problemOf(error, currentRequestId() ?? 'unknown', this.#issuer);
    noteError(error);
    // A stream that has begun can only be aborted: the client must not take half an export for a whole one.
    if (response.headersSent) response.destroy();
    else send(response, problem, toDomainError(error));
  }
}

function send(response: Response, problem: Problem, error: DomainError | undefined): void {
  if (findProblemSpec(problem.code)?.retry === 'later') setRetryAfter(response, error);
  // The rest of a body that arrives too slowly is not awaited (RFC 9110 §15.5.9).
  if (problem.status === 408) response.setHeader('Connection', 'close');
  response
    .status(problem.status)
    .setHeader('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}
