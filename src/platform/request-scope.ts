import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import { findIpAddress } from '../kernel/ip-address.ts';
import { recordStatements } from './counted-statements.ts';
import type { Handler } from './in-order.ts';
import { findFapiInteractionId } from './interaction-id.ts';
import type { Exchange, RequestLog } from './logging/request-log.ts';
import type { Metrics } from './metrics.ts';
import { toDomainError } from './problems.ts';
import type { Place } from './shedding/place.ts';
import { countingStatements, type StatementCount } from './statement-count.ts';

/** A client that has proven who it is: a TPP, a bank or an auditor, never a payer. */
export interface RequestCaller {
  readonly client: string;
  /** As the socket or a trusted proxy says; undefined where that is no address. */
  readonly address: string | undefined;
}

/** The request that is being answered. */
export interface CurrentRequest {
  /** Names no person and no consent. */
  readonly requestId: string;
  /** Known once the client has proven who it is. */
  readonly caller: RequestCaller | undefined;
  /** Whether its caller has hung up: then no more work is begun for it. */
  readonly isGone: boolean;
  /** Its place among the requests in hand; undefined until it has one. */
  readonly place: Place | undefined;
}

/** What becomes known of a request while it is answered. */
interface KnownOfRequest extends CurrentRequest {
  caller: RequestCaller | undefined;
  isGone: boolean;
  place: Place | undefined;
  /** Registered, and no more than claimed. */
  claimedClient?: string;
  error?: unknown;
  /** Set once the line of this request is written: what fails later has one of its own. */
  writeLine?: () => void;
}

const requests = new AsyncLocalStorage<KnownOfRequest>();

/** The request that is being answered; undefined in workers and commands. */
export function currentRequest(): CurrentRequest | undefined {
  return requests.getStore();
}

export function currentRequestId(): string | undefined {
  return requests.getStore()?.requestId;
}

/** Names the authenticated client of the request: events and log lines carry its id and address from now on. */
export function nameCaller(client: string, ip: string | undefined): void {
  const current = requests.getStore();
  if (!current) return;
  current.caller = {
    client,
    // Read where an event is written, which few requests do.
    get address() {
      return findIpAddress(ip ?? '')?.toString();
    },
  };
}

/** Gives the request its place, which it keeps until its answer is sent or its caller has hung up. */
export function notePlace(place: Place): void {
  const known = requests.getStore();
  // A caller may have hung up before the request came so far.
  if (!known || known.isGone) place.release();
  else known.place = place;
}

/**
 * Keeps the request in hand while the database works for it, also when its caller is gone: callers who hang up again and again do
 * not have more worked at than those who wait.
 */
export async function keepInHand<T>(work: Promise<T>): Promise<T> {
  const place = requests.getStore()?.place?.hold();
  try {
    return await work;
  } finally {
    place?.release();
  }
}

/** Ends a request whose caller has hung up. No answer is sent for it. */
export const CALLER_GONE = new DomainError('service.unavailable', { log: 'the caller is gone' });

/**
 * To be called before the first effect that lasts: a claimed proof, a written row. What has begun is finished.
 * @throws DomainError {@link CALLER_GONE}
 */
export function checkCallerWaits(): void {
  if (requests.getStore()?.isGone === true) throw CALLER_GONE;
}

/** The registered client that the caller says it is. Never what is not registered: that is the caller's own text. */
export function noteClaimedClient(clientId: string | undefined): void {
  const known = requests.getStore();
  if (known && clientId !== undefined) known.claimedClient = clientId;
}

/** For filters: records why this request is refused, or how it failed, for its one log line. */
export function noteError(error: unknown): void {
  const known = requests.getStore();
  if (!known) return;
  known.error = error;
  // The line is written already where the caller has hung up: a refusal adds nothing to it, a bug gets a line of its own.
  if (!toDomainError(error)) known.writeLine?.();
}

/**
 * Around every request: gives it an id, which its answer and its log lines carry, writes one line when it is over, and adds what
 * it sent to the database to the figures of its route. Health checks are not logged: they come every few seconds.
 */
export function requestScope(log: RequestLog, metrics: Metrics): Handler {
  return (request, response, next) => {
    const known: KnownOfRequest = { requestId: randomUUID(), caller: undefined, isGone: false, place: undefined };
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
      if (known.isGone) known.writeLine = () => log(exchangeOf(request, response, known, begun), known.error);
      else known.writeLine = writesLine(log, exchange, known);
    });
    requests.run(known, () => countingStatements(count, next));
  };
}

/**
 * A function of its own, for what it does not hold: request and response. Timers and pooled connections keep the scope of a request
 * that is over, and with it all that its functions can reach; garbage collection then took twice as long.
 */
function writesLine(log: RequestLog, exchange: Exchange, known: KnownOfRequest): () => void {
  return () => log(exchange, known.error);
}

function exchangeOf(request: Request, response: Response, known: KnownOfRequest, begun: number): Exchange {
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
