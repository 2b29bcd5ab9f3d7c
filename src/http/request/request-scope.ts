import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { recordStatements, countingStatements, type StatementCount } from '../../operations/statement-count.ts';
import { answering, type RequestRecord } from '../../operations/current-request.ts';
import type { Handler } from './in-order.ts';
import { findFapiInteractionId } from '../interaction-id.ts';
import type { Exchange, RequestLog } from './request-log.ts';
import type { Metrics } from '../../operations/metrics.ts';
import { toDomainError } from '../problems.ts';

/**
 * Around every request: gives it an id, which its answer and its log lines carry, writes one line when it is over, and adds what
 * it sent to the database to the figures of its route. Health checks are not logged: they come every few seconds.
 */
export function requestScope(log: RequestLog, metrics: Metrics): Handler {
  return (request, response, next) => {
    const known: RequestRecord = { requestId: randomUUID(), caller: undefined, isGone: false, place: undefined };
    const begun = performance.now();
    const count: StatementCount = { statements: 0 };
    response.setHeader('X-Request-Id', known.requestId);
    response.once('close', () => {
      known.isGone = !response.writableFinished;
      known.place?.release();
      const exchange = exchangeOf(request, response, known, begun);
      const { method, route, status } = exchange;
      recordStatements(metrics, route === undefined ? 'none' : `${method} ${route}`, count);
      countOutcome(metrics, status, known.error);
      if (known.error !== undefined || !request.path.startsWith('/health/')) log(exchange, known.error);
      // What becomes known after the caller has hung up has facts of its own: who called, for one.
      if (known.isGone) known.writeLine = () => logBug(log, exchangeOf(request, response, known, begun), known);
      else known.writeLine = writesLine(log, exchange, known);
    });
    answering(known, () => countingStatements(count, next));
  };
}

/**
 * A function of its own, for what it does not hold: request and response. Timers and pooled connections keep the scope of a request
 * that is over, and with it all that its functions can reach; garbage collection then took twice as long.
 */
function writesLine(log: RequestLog, exchange: Exchange, known: RequestRecord): () => void {
  return () => logBug(log, exchange, known);
}

/** The request has its line already: a refusal adds nothing to it, a bug gets a line of its own. */
function logBug(log: RequestLog, exchange: Exchange, { error }: RequestRecord): void {
  if (!toDomainError(error)) log(exchange, error);
}

function exchangeOf(request: Request, response: Response, known: RequestRecord, begun: number): Exchange {
  return {
    requestId: known.requestId,
    method: request.method,
    route: routeOf(request),
    status: response.writableFinished ? response.statusCode : undefined,
    ms: Math.round(performance.now() - begun),
    client: known.caller?.client,
    claimedClient: known.caller === undefined ? known.claimedClient : undefined,
    fapiInteractionId: findFapiInteractionId(request),
  };
}

/** Counts every request, also one whose log line is suppressed. */
function countOutcome(metrics: Metrics, status: number | undefined, error: unknown): void {
  if (status === undefined) metrics.count('sigill_requests_aborted_total', 'Requests whose caller did not wait');
  if (error === undefined) return;
  const code = toDomainError(error)?.code ?? 'internal';
  metrics.count('sigill_requests_refused_total', 'Requests that were refused or failed', { code });
}

/** The pattern of the route, never the path: a path holds identifiers. */
function routeOf(request: Request): string | undefined {
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : undefined;
}
