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
 * Gives every request an id, which is in its answer and its log lines, writes one line when it is over, and adds the statements
 * it sent to the metrics of its route. Health checks, which come every few seconds, are not logged.
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
      // Facts such as the authenticated client may become known only after the caller has hung up.
      if (known.isGone) known.writeLine = () => logBug(log, exchangeOf(request, response, known, begun), known);
      else known.writeLine = writesLine(log, exchange, known);
    });
    answering(known, () => countingStatements(count, next));
  };
}

/**
 * A separate function, so that its closure holds neither request nor response. Timers and pooled connections keep the scope of a
 * finished request alive, and all that its closures reach; garbage collection then took twice as long.
 */
function writesLine(log: RequestLog, exchange: Exchange, known: RequestRecord): () => void {
  return () => logBug(log, exchange, known);
}

/** The request already has its line: a refusal adds nothing to it, a bug gets a line of its own. */
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

/** Counts every request, including those whose log line is suppressed. */
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
