import type { Level, Logger } from 'pino';
import { describeError, scrub, type ErrorDescription } from '../../operations/describe-error.ts';
import { DomainError } from '../../kernel/errors.ts';
import { problems, toDomainError } from '../problems.ts';
import { Repeats } from '../../operations/repeats.ts';

/** A finished request. */
export interface Exchange {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route, never the path: a path holds identifiers. */
  readonly route: string | undefined;
  /** Undefined if the caller hung up before there was an answer. */
  readonly status: number | undefined;
  readonly ms: number;
  /** Authenticated. */
  readonly client: string | undefined;
  /** A registered client that the request named without proof. */
  readonly claimedClient: string | undefined;
  readonly fapiInteractionId: string | undefined;
}

/** Writes the line of a finished request. One per application, because it counts repeated lines. */
export type RequestLog = (exchange: Exchange, error: unknown) => void;

/** What a line says besides the facts of the exchange, and its kind if lines like it may be suppressed. */
interface Outcome {
  readonly level: Level;
  readonly msg: string;
  /** Evaluated only for lines that are written; most lines of a flood are not. */
  readonly facts?: () => Refusal;
  readonly kind?: readonly [name: string, burst: number];
}

interface Refusal {
  readonly code: string;
  readonly pointer?: string;
  readonly reason?: string;
  readonly err?: ErrorDescription;
}

/** A caller can cause any number of these, or all callers get them at once: the first line is enough. */
const REPEATING: ReadonlySet<string> = new Set([
  'request.forged-certificate',
  'request.too-many',
  'service.unavailable',
]);

/** How many lines of one kind are written in ten seconds for unauthenticated callers. */
const ANONYMOUS_BURST = 100;
const FAILED_BURST = 20;
const MAX_POINTER = 200;

/**
 * One line for each request, found by the `X-Request-Id` of its answer. Lines that repeat in a flood are counted instead.
 * @param logger its redaction is not used: every member is chosen here, and redaction costs more than writing the line
 */
export function requestLog(logger: Logger): RequestLog {
  const lines = logger.child({}, { redact: [] });
  const repeats = new Repeats((kind, repeated) => lines.info({ kind, repeated }, 'more requests like this'));
  return (exchange, error) => {
    const { level, msg, facts, kind } = outcomeOf(exchange, error);
    if (!lines.isLevelEnabled(level) || (kind && !repeats.admits(...kind))) return;
    lines[level]({ ...exchange, route: exchange.route ?? 'none', ...facts?.() }, msg);
  };
}

function outcomeOf(exchange: Exchange, error: unknown): Outcome {
  const { status } = exchange;
  const domain = toDomainError(error);
  if (error !== undefined && !domain) return failed(exchange, error);
  const isAborted = status === undefined;
  const aborted = { level: 'info', msg: 'request aborted', kind: ['aborted', ANONYMOUS_BURST] } as const;
  if (!domain)
    return isAborted ? aborted : { level: 'info', msg: status < 400 ? 'request answered' : 'request refused' };
  const { code, pointer, cause } = domain;
  const reason = domain.log ?? domain.detail;
  const isOurs = problems[code].status >= 500;
  const err = isOurs && isTrouble(cause) ? describeError(cause) : undefined;
  const facts = (): Refusal => ({
    code,
    ...(pointer === undefined ? {} : { pointer: scrub(pointer).slice(0, MAX_POINTER) }),
    ...(reason === undefined ? {} : { reason: scrub(reason) }),
    ...(err && { err }),
  });
  if (isAborted) return { ...aborted, facts };
  // Each reason for being unavailable has a first line of its own.
  const why = code === 'service.unavailable' ? (err?.type ?? reason ?? '') : '';
  const kind = kindOf(exchange, `${code} ${why}`.trimEnd(), REPEATING.has(code));
  return { level: isOurs ? 'warn' : 'info', msg: 'request refused', facts, ...(kind && { kind }) };
}

/** Whether the cause deserves a stack trace: our own refusals do not. */
function isTrouble(cause: unknown): boolean {
  return cause !== undefined && !(cause instanceof DomainError);
}

/** An error that no code describes is a bug. */
function failed({ route }: Exchange, error: unknown): Outcome {
  const err = describeError(error);
  const kind = `failed ${err.type} ${err.code ?? ''} ${route ?? 'none'}`;
  return {
    level: 'error',
    msg: 'request failed',
    facts: () => ({ code: 'internal', err }),
    kind: [kind, FAILED_BURST],
  };
}

/** Undefined for a refusal of an authenticated client's request: the client may ask about any of them, so each has a line. */
function kindOf(exchange: Exchange, what: string, isRepeating: boolean): Outcome['kind'] {
  const { method, route, client, claimedClient } = exchange;
  const at = route === undefined ? 'none' : `${method} ${route}`;
  if (isRepeating || (route === undefined && what === 'request.not-found')) return [`${what} ${at}`, 1];
  return client === undefined ? [`${what} ${at} ${claimedClient ?? ''}`, ANONYMOUS_BURST] : undefined;
}
