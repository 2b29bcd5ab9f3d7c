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
  if (!polled || now >= addMs(polled.expiresAt, REMEMBERED_MS)) throw invalidGrant(UNKNOWN);
  if (polled.isRedeemed) throw invalidGrant(USED);
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
      throw invalidGrant(USED);
  }
}

/** Also of a request of another client, or of another key: they must look alike. */
const UNKNOWN = 'This auth_req_id is unknown, or is bound to another key.';
const USED = 'The token of this auth_req_id has been given.';

function invalidGrant(detail: string): DomainError {
  return new DomainError('grant.invalid', { pointer: '/auth_req_id', detail });
}
