import { addMs, MINUTE_MS } from '../../../kernel/clock.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { PolledRequest } from './poll.repository.ts';

/** After the end of its time, a request is answered for this long, and then is unknown. */
const REMEMBERED_MS = 60 * MINUTE_MS;

/**
 * The request, if it can be redeemed now. What has an outcome is told also to a client that asks too early.
 * @param polled undefined for a request that there is not, or is another's
 * @throws DomainError `grant.pending`, `grant.slow-down`, `grant.expired`, `grant.denied`, `grant.invalid`
 * @see OpenID CIBA Core §11
 */
export function checkOutcome(polled: PolledRequest | undefined, now: Date): PolledRequest {
  if (!polled || polled.isRedeemed || now >= addMs(polled.expiresAt, REMEMBERED_MS)) throw unknown();
  const { outcome, isEarly } = polled;
  switch (outcome.kind) {
    case 'pending':
      throw new DomainError(isEarly ? 'grant.slow-down' : 'grant.pending');
    case 'answered':
      if (outcome.until <= now) throw new DomainError('grant.expired');
      return polled;
    case 'expired':
      throw new DomainError('grant.expired');
    case 'denied':
      throw new DomainError('grant.denied', { detail: outcome.reason });
    case 'used':
      throw unknown();
  }
}

function unknown(): DomainError {
  return new DomainError('grant.invalid', {
    detail: 'The auth_req_id is unknown, expired, used or not for this request.',
  });
}
