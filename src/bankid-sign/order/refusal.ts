import { DomainError } from '../../kernel/errors.ts';
import type { RpFailure, RpFailureKind } from '../rp-api/rp-failure.ts';
import type { OrderDevice } from '../sign-order.ts';
import { rfaOfFailure } from './rfa-code.ts';

/** After these failures BankID may still have made the order. */
const undecided: ReadonlySet<RpFailureKind> = new Set([
  'timed-out',
  'connection-lost',
  // A connection that broke before its first answer looks the same.
  'client-certificate-refused',
  'not-json',
  'malformed',
  'unknown-error',
]);

/** BankID itself refused our request; all other failures are problems of BankID or the connection. */
const refusing: ReadonlySet<RpFailureKind> = new Set([
  'invalid-parameters',
  'unauthorized',
  'not-found',
  'method-not-allowed',
  'unsupported-media-type',
]);

/** The state of the order after a failed /sign: `refused` if BankID certainly does not have it, else `unknown`. */
export function stateAfter(failure: RpFailure): 'refused' | 'unknown' {
  return undecided.has(failure.kind) ? 'unknown' : 'refused';
}

/** The error for the request that started an order; `messageCode` is the message for the payer. */
export function refusal(failure: RpFailure, device: OrderDevice): DomainError {
  const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`;
  return new DomainError(codeOf(failure.kind), {
    extra: { messageCode: rfaOfFailure(failure.kind, device) },
    log: `BankID: ${failure.kind}${status} ${failure.details ?? ''}`.trimEnd(),
  });
}

/** A second order for the same person is common: BankID has cancelled the earlier one too, and the payer may press again. */
function codeOf(kind: RpFailureKind): 'bankid.already-in-progress' | 'bankid.refused' | 'bankid.unavailable' {
  if (kind === 'already-in-progress') return 'bankid.already-in-progress';
  return refusing.has(kind) ? 'bankid.refused' : 'bankid.unavailable';
}

/** 400 and 404 on collect and cancel alike: BankID has no such open order (any more). */
export function isOrderGone(failure: RpFailure): boolean {
  return failure.kind === 'invalid-parameters' || failure.kind === 'not-found';
}
