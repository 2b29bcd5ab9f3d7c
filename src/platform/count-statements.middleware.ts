import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { recordStatements } from './counted-statements.ts';
import { Metrics } from './metrics.ts';
import { countingStatements, type StatementCount } from './statement-count.ts';

/** Adds up, for each route, what its requests send to the database: the figures that the demo and the benchmarks print. */
@Injectable()
export class CountStatementsMiddleware implements NestMiddleware {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const count: StatementCount = { statements: 0, commits: 0 };
    response.once('finish', () => recordStatements(this.#metrics, routeOf(request), count));
    countingStatements(count, () => next());
  }
}

/** The pattern of the route, never the path: a path holds identifiers. */
function routeOf(request: Request): string {
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? `${request.method} ${route.path}` : 'none';
}
