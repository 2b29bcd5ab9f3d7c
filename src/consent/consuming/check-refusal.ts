import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { ConsumeConditions, Refusal } from '../store/consumption.repository.ts';

/** Why nothing was consumed; or the first answer, when this very call was answered before. */
export function checkRefusal(refusal: Refusal | undefined, call: ConsumeConditions): JsonObject {
  if (!refusal) throw new DomainError('consent.not-found');
  if (refusal.paymentReference === call.paymentReference) return firstAnswer(refusal, call);
  if (refusal.referenceUsedElsewhere) throw new DomainError('consent.reference-used', { pointer: '/paymentReference' });
  const state = stateNow(refusal, call.now);
  if (state !== 'authorised') throw new DomainError('consent.not-authorised', { extra: { state } });
  if (!refusal.tokenEqual) throw refused('consent.token-differs', '/accessTokenSha256');
  if (!refusal.paymentEqual) throw refused('consent.payment-differs', '/payment');
  if (!refusal.payerEqual) throw refused('consent.payer-differs', '/payer/personalNumber');
  // Everything agrees now, and did not a moment ago (a new token was bound in between): nothing was consumed.
  throw new DomainError('service.unavailable');
}

function firstAnswer({ requestHash, answer }: Refusal, call: ConsumeConditions): JsonObject {
  const isSame = requestHash && call.requestHashes.some((hash) => hash.equals(requestHash));
  if (!isSame || !answer) throw refused('consent.reference-body-differs', '');
  return answer;
}

/** Time may be up before the sweeper has come. */
function stateNow({ state, expiresAt }: Refusal, now: Date): string {
  const isOver = (state === 'authorised' || state === 'awaiting-authorisation') && expiresAt <= now;
  return isOver ? 'expired' : state;
}

function refused(code: ErrorCode, pointer: string): DomainError {
  return new DomainError(code, { pointer });
}
