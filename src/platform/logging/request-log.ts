import type { Level, Logger } from 'pino';
import { describeError, scrub, type ErrorDescription } from '../describe-error.ts';
import { DomainError } from '../../kernel/errors.ts';
import { problems, toDomainError } from '../problems.ts';
import { Repeats } from './repeats.ts';

/** A request that is over. */
export interface Exchange {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route, never the path: a path holds identifiers. */
  readonly route: string | undefined;
  /** Undefined when the caller was gone before there was an answer. */
  readonly status: number | undefined;
  readonly ms: number;
  /** Proven. */
  readonly client: string | undefined;
  /** Registered, and no more than claimed. */
  readonly claimedClient: string | undefined;
  readonly fapiInteractionId: string | undefined;
}

/** What a line says beside the facts of the exchange, and of which kind it is where lines like it may be suppressed. */
interface Outcome {
  readonly level: Level;
  readonly msg: string;
  readonly facts?: Refusal;
  readonly kind?: readonly [name: string, burst: number];
}

interface Refusal {
  readonly code: string;
  readonly pointer?: string;
  readonly reason?: string;
  readonly err?: ErrorDescription;
}

/** Anyone can cause these as often as they like, or all callers have them at once: the first says it all. */
const REPEATING: ReadonlySet<string> = new Set([
  'request.forged-certificate',
  'request.too-many',
  'service.unavailable',
]);

/** Of callers who have proven nothing, so many lines of one kind are found by their request id in ten seconds. */
const ANONYMOUS_BURST = 100;
const FAILED_BURST = 20;
const MAX_POINTER = 200;

/**
 * One line for each request. The caller of a refused one finds it by `X-Request-Id`; what repeats without end is counted.
 * @param logger its redaction is left out: every member is chosen here, and looking through them costs more than writing them
 */
export function requestLog(logger: Logger): (exchange: Exchange, error: unknown) => void {
  const lines = logger.child({}, { redact: [] });
  const repeats = new Repeats((kind, repeated) => lines.info({ kind, repeated }, 'more requests like this'));
  return (exchange, error) => {
    const { level, msg, facts, kind } = outcomeOf(exchange, error);
    if (kind && !repeats.admits(...kind)) return;
    lines[level]({ ...exchange, route: exchange.route ?? 'none', ...facts }, msg);
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
  const facts = {
    code,
    ...(pointer === undefined ? {} : { pointer: scrub(pointer).slice(0, MAX_POINTER) }),
    ...(reason === undefined ? {} : { reason: scrub(reason) }),
    ...(isOurs && isTrouble(cause) ? { err: describeError(cause) } : {}),
  };
  if (isAborted) return { ...aborted, facts };
  // Of the reasons why we cannot answer now, each has its first line.
  const why = code === 'service.unavailable' ? (facts.err?.type ?? reason ?? '') : '';
  const kind = kindOf(exchange, `${code} ${why}`.trimEnd(), REPEATING.has(code));
  return { level: isOurs ? 'warn' : 'info', msg: 'request refused', facts, ...(kind && { kind }) };
}

/** One of our own refusals is no trouble that has frames to be shown. */
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
    facts: { code: 'internal', err },
    kind: [kind, FAILED_BURST],
  };
}

/** Undefined for what a registered client is told of its own request: each line may be asked for. */
function kindOf(exchange: Exchange, what: string, isRepeating: boolean): Outcome['kind'] {
  const { method, route, client, claimedClient } = exchange;
  const at = route === undefined ? 'none' : `${method} ${route}`;
  if (isRepeating || (route === undefined && what === 'request.not-found')) return [`${what} ${at}`, 1];
  return client === undefined ? [`${what} ${at} ${claimedClient ?? ''}`, ANONYMOUS_BURST] : undefined;
}
