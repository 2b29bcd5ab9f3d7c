import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '../kernel/errors.ts';
import { findIpAddress } from '../kernel/web/ip-address.ts';
import type { Place } from './place.ts';

/** An authenticated client: a TPP, a bank or an auditor, never a payer. */
export interface RequestCaller {
  readonly client: string;
  /** From the socket or a trusted proxy; undefined if that is not an address. */
  readonly address: string | undefined;
}

/** The request that is being answered. */
export interface CurrentRequest {
  /** Random: it identifies neither a person nor a consent. */
  readonly requestId: string;
  /** Known once the client has authenticated. */
  readonly caller: RequestCaller | undefined;
  /** Whether its caller has hung up; then no further work is started for it. */
  readonly isGone: boolean;
  /** Its place among the requests in hand; undefined until it has one. */
  readonly place: Place | undefined;
}

/** What is recorded about a request while it is processed. */
export interface RequestRecord extends CurrentRequest {
  caller: RequestCaller | undefined;
  isGone: boolean;
  place: Place | undefined;
  /** A registered client that the request named without proof. */
  claimedClient?: string;
  error?: unknown;
  /** Set once the log line of this request is written; a bug found later gets a line of its own. */
  writeLine?: () => void;
}

const requests = new AsyncLocalStorage<RequestRecord>();

/** Runs `work`, and everything it awaits, in the scope of a request. */
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

/** Records the authenticated client of the request: events and log lines name it and its address from now on. */
export function nameCaller(client: string, ip: string | undefined): void {
  const current = requests.getStore();
  if (!current) return;
  current.caller = {
    client,
    // Evaluated when an event is written, which few requests do.
    get address() {
      return findIpAddress(ip ?? '')?.toString();
    },
  };
}

/** Gives the request its place, which it keeps until its answer is sent or its caller has hung up. */
export function notePlace(place: Place): void {
  const known = requests.getStore();
  // The caller may already have hung up.
  if (!known || known.isGone) place.release();
  else known.place = place;
}

/**
 * Keeps the request in hand while the database works for it, even if its caller has gone: otherwise callers who keep hanging up
 * could have more requests processed than those who wait.
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
 * Call it before the first lasting effect, such as a claimed proof or a written row. Work that has started is finished.
 * @throws DomainError {@link CALLER_GONE}
 */
export function checkCallerWaits(): void {
  if (requests.getStore()?.isGone === true) throw CALLER_GONE;
}

/** Records the registered client that the caller claims to be. Unregistered ids are never logged: the caller chooses that text. */
export function noteClaimedClient(clientId: string | undefined): void {
  const known = requests.getStore();
  if (known && clientId !== undefined) known.claimedClient = clientId;
}

/** For filters: records why the request was refused or failed, for its log line. */
export function noteError(error: unknown): void {
  const known = requests.getStore();
  if (!known) return;
  known.error = error;
  known.writeLine?.();
}
