import { DomainError } from '../../kernel/errors.ts';
import type { RpFailure, RpFailureKind } from '../rp-api/rp-failure.ts';
import type { Device } from '../sign-order.ts';
import { rfaOfFailure } from './rfa-code.ts';

/** After these BankID may have made the order all the same. */
const undecided: ReadonlySet<RpFailureKind> = new Set([
  'timed-out',
  'connection-lost',
  // A connection that broke before its first answer looks the same.
  'client-certificate-refused',
  'not-json',
  'malformed',
  'unknown-error',
]);

/** BankID itself refused our request; with all others it, or the way to it, is in trouble. */
const refusing: ReadonlySet<RpFailureKind> = new Set([
  'invalid-parameters',
  'unauthorized',
  'not-found',
  'method-not-allowed',
  'unsupported-media-type',
]);

/** The order after a failed /sign: BankID certainly does not have it, or may have it. */
export function stateAfter(failure: RpFailure): 'refused' | 'unknown' {
  return undecided.has(failure.kind) ? 'unknown' : 'refused';
}

/** The error for the request that started an order; `messageCode` is what the payer should read. */
export function refusal(failure: RpFailure, device: Device): DomainError {
  const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`;
  return new DomainError(codeOf(failure.kind), {
    extra: { messageCode: rfaOfFailure(failure.kind, device) },
    log: `BankID: ${failure.kind}${status} ${failure.details ?? ''}`.trimEnd(),
  });
}

/** A person who begins twice is an everyday event: BankID has ended the earlier order too, and the payer may press again. */
function codeOf(kind: RpFailureKind): 'bankid.already-in-progress' | 'bankid.refused' | 'bankid.unavailable' {
  if (kind === 'already-in-progress') return 'bankid.already-in-progress';
  return refusing.has(kind) ? 'bankid.refused' : 'bankid.unavailable';
}

/** 400 and 404 on collect and cancel alike: BankID has no such open order (any more). */
export function isOrderGone(failure: RpFailure): boolean {
  return failure.kind === 'invalid-parameters' || failure.kind === 'not-found';
}
