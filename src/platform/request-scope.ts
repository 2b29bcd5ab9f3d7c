import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';
import { recordStatements } from './counted-statements.ts';
import type { Metrics } from './metrics.ts';
import { countingStatements, type StatementCount } from './statement-count.ts';

type Handler = (request: Request, response: Response, next: NextFunction) => void;

/** A client that has proven who it is: a TPP, a bank or an auditor, never a payer. */
export interface RequestCaller {
  readonly client: string;
  /** As the socket or a trusted proxy says; left out where that is no address. */
  readonly address?: string;
}

/** The request that is being answered. */
export interface CurrentRequest {
  /** Names no person and no consent. */
  readonly requestId: string;
  /** Known once the client has proven who it is. */
  readonly caller: RequestCaller | undefined;
}

const requests = new AsyncLocalStorage<{ -readonly [K in keyof CurrentRequest]: CurrentRequest[K] }>();

export function currentRequest(): CurrentRequest | undefined {
  return requests.getStore();
}

export function currentRequestId(): string | undefined {
  return requests.getStore()?.requestId;
}

/** For those who have authenticated the request's client: what happens from now on is told with its id and address. */
export function nameCaller(client: string, ip: string | undefined): void {
  const current = requests.getStore();
  if (current)
    current.caller = {
      client,
      ...(ip !== undefined && ipaddr.isValid(ip) && { address: ipaddr.process(ip).toString() }),
    };
}

/**
 * Around every request: gives it an id, which its log lines carry, writes one line when it is over, and adds what it sent to
 * the database to the figures of its route. Questions after our health are not logged: they come every few seconds.
 */
export function requestScope(logger: Logger, metrics: Metrics): Handler {
  // What stands in the line is chosen below, member by member: looking through it for secrets costs more than writing it.
  const lines = logger.child({}, { redact: [] });
  return (request, response, next) => {
    const requestId = randomUUID();
    const begun = performance.now();
    const count: StatementCount = { statements: 0, commits: 0 };
    response.once('close', () => {
      const route = routeOf(request);
      const { method } = request;
      recordStatements(metrics, route === undefined ? 'none' : `${method} ${route}`, count);
      if (request.path.startsWith('/health/')) return;
      const { statusCode: status } = response;
      const ms = Math.round(performance.now() - begun);
      const msg = status < 500 ? 'request answered' : 'request answered with an error';
      lines.info({ requestId, method, route: route ?? 'none', status, ms }, msg);
    });
    requests.run({ requestId, caller: undefined }, () => countingStatements(count, next));
  };
}

/** The pattern of the route, never the path: a path holds identifiers. */
function routeOf(request: Request): string | undefined {
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : undefined;
}
