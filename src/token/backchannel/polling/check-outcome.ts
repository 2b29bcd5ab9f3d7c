import { neutralReason } from '../../../consent/consent.ts';
import { addMs, MINUTE_MS } from '../../../kernel/clock.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { PolledRequest } from './poll.repository.ts';

/** After the end of its time, a request is answered for this long, and then is unknown. */
const REMEMBERED_MS = 60 * MINUTE_MS;

/**
 * Whether the request can be redeemed now. What has an outcome is told also to a client that asks too early.
 * @param polled undefined for a request that there is not, or is another's
 * @throws DomainError `grant.pending`, `grant.slow-down`, `grant.expired`, `grant.denied`, `grant.invalid`
 * @see OpenID CIBA Core §11
 */
export function checkOutcome(polled: PolledRequest | undefined, now: Date): void {
  if (!polled || polled.isRedeemed || now >= addMs(polled.expiresAt, REMEMBERED_MS)) throw unknown();
  switch (polled.state) {
    case 'awaiting-authorisation':
      throw new DomainError(polled.isEarly ? 'grant.slow-down' : 'grant.pending');
    case 'authorised':
      if (polled.consentExpiresAt <= now) throw new DomainError('grant.expired');
      return;
    case 'expired':
      throw new DomainError('grant.expired');
    case 'rejected':
    case 'revoked':
      throw new DomainError('grant.denied', { detail: polled.reason ? neutralReason(polled.reason) : 'not-completed' });
    case 'consumed':
      throw unknown();
  }
}

function unknown(): DomainError {
  return new DomainError('grant.invalid', {
    detail: 'The auth_req_id is unknown, expired, used or not for this request.',
  });
}
