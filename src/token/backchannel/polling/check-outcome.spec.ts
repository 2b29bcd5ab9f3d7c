import { DomainError } from '../../../kernel/errors.ts';
import { checkOutcome } from './check-outcome.ts';
import type { PolledRequest } from './poll.repository.ts';

const now = new Date('2026-11-30T09:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const pending: PolledRequest = {
  state: 'awaiting-authorisation',
  reason: undefined,
  consentExpiresAt: later(60),
  expiresAt: later(60),
  isRedeemed: false,
  isEarly: false,
};

function outcome(changes: Partial<PolledRequest> | undefined, at = now): string {
  try {
    checkOutcome(changes && { ...pending, ...changes }, at);
    return 'token';
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code === 'grant.denied' ? `${error.code} ${error.detail ?? ''}` : error.code;
  }
}

describe('a client that asks for its token', () => {
  it.each<readonly [string, Partial<PolledRequest> | undefined]>([
    ['grant.invalid', undefined],
    ['grant.pending', {}],
    ['grant.slow-down', { isEarly: true }],
    ['token', { state: 'authorised' }],
    ['grant.expired', { state: 'authorised', consentExpiresAt: now }],
    ['grant.expired', { state: 'expired', reason: 'no-authorisation' }],
    ['grant.expired', { state: 'expired', reason: 'no-return' }],
    ['grant.denied declined', { state: 'rejected', reason: 'declined' }],
    ['grant.denied not-completed', { state: 'rejected', reason: 'risk' }],
    ['grant.denied not-completed', { state: 'rejected', reason: 'signature' }],
    ['grant.denied revoked', { state: 'revoked', reason: 'tpp' }],
    ['grant.invalid', { state: 'authorised', isRedeemed: true }],
    ['grant.invalid', { state: 'consumed', isRedeemed: true }],
    ['grant.invalid', { state: 'consumed' }],
  ])('is told %s', (expected, changes) => expect(outcome(changes)).toBe(expected));

  it('is told why for an hour, and then of no request', () => {
    const expired = { state: 'expired', reason: 'no-authorisation', expiresAt: now } as const;
    expect(outcome(expired, later(3599))).toBe('grant.expired');
    expect(outcome(expired, later(3600))).toBe('grant.invalid');
    expect(outcome({ state: 'rejected', reason: 'declined', expiresAt: now }, later(3600))).toBe('grant.invalid');
  });
});
