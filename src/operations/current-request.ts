import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '../kernel/errors.ts';
import { findIpAddress } from '../kernel/web/ip-address.ts';
import type { Place } from './place.ts';

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
export interface RequestRecord extends CurrentRequest {
  caller: RequestCaller | undefined;
  isGone: boolean;
  place: Place | undefined;
  /** Registered, and no more than claimed. */
  claimedClient?: string;
  error?: unknown;
  /** Set once the line of this request is written: a bug that comes to light later has one of its own. */
  writeLine?: () => void;
}

const requests = new AsyncLocalStorage<RequestRecord>();

/** Runs `work`, and all that it awaits, as the answer to a request. */
export function answering<T>(request: RequestRecord, work: () => T): T {
  return requests.run(request, work);
}

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
  known.writeLine?.();
}
