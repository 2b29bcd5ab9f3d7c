import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
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
    response.once('finish', () => this.#record(routeOf(request), count));
    countingStatements(count, () => next());
  }

  #record(route: string, { statements, commits }: StatementCount): void {
    this.#metrics.count(
      'sigill_sql_statements_total',
      'SQL statements sent, BEGIN and COMMIT included',
      { route },
      statements,
    );
    this.#metrics.count('sigill_sql_commits_total', 'Explicit transactions committed', { route }, commits);
  }
}

/** The pattern of the route, never the path: a path holds identifiers. */
function routeOf(request: Request): string {
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? `${request.method} ${route.path}` : 'none';
}
