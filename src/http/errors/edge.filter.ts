import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { ProblemFilter } from './problem.filter.ts';
import { RegisteredRoutes } from './registered-routes.ts';

/**
 * Answers the errors that no controller's own filter answers: those of routes without one, and those that end a request before
 * its route is found. The latter are answered in the form of the path's controller (OAuth, a page). A path that has routes,
 * but none for this method, gets a 405.
 * @see RFC 9110 §15.5.6
 */
@Catch()
export class EdgeFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RegisteredRoutes,
    private readonly problems: ProblemFilter,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { path } = http.getRequest<Request>();
    const found = this.routes.find(path);
    const refusal = found && error instanceof NotFoundException ? new DomainError('request.method-not-allowed') : error;
    if (found && refusal instanceof DomainError && refusal.code === 'request.method-not-allowed') {
      http.getResponse<Response>().setHeader('Allow', found.methods.join(', '));
    }
    const filter = found ? found.filter : this.routes.findFilterAround(path);
    (filter ?? this.problems).catch(refusal, host);
  }
}
