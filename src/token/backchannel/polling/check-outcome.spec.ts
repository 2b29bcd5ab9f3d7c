import { DomainError } from '../../../kernel/errors.ts';
import type { ConsentId, LoginId } from '../../../kernel/ids.ts';
import { checkOutcome } from './check-outcome.ts';
import type { Outcome, PolledRequest } from './poll.repository.ts';

const now = new Date('2026-11-30T09:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const pending: PolledRequest = {
  target: { purpose: 'payment', consentId: 'c' as ConsentId },
  outcome: { kind: 'pending' },
  expiresAt: later(60),
  isRedeemed: false,
  isEarly: false,
};

function told(changes: Partial<PolledRequest> | undefined, at = now): string {
  try {
    return checkOutcome(changes && { ...pending, ...changes }, at).target.purpose;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code === 'grant.denied' ? `${error.code} ${error.detail ?? ''}` : error.code;
  }
}

describe('a client that asks for its token', () => {
  const answered: Outcome = { kind: 'answered', until: later(1) };

  it.each<readonly [string, Partial<PolledRequest> | undefined]>([
    ['grant.invalid', undefined],
    ['grant.pending', {}],
    ['grant.slow-down', { isEarly: true }],
    ['payment', { outcome: answered }],
    ['login', { outcome: answered, target: { purpose: 'login', loginId: 'l' as LoginId } }],
    ['grant.expired', { outcome: { kind: 'answered', until: now } }],
    ['grant.expired', { outcome: { kind: 'expired' } }],
    ['grant.denied declined', { outcome: { kind: 'denied', reason: 'declined' } }],
    ['grant.invalid', { outcome: answered, isRedeemed: true }],
    ['grant.invalid', { outcome: { kind: 'used' }, isRedeemed: true }],
    ['grant.invalid', { outcome: { kind: 'used' } }],
  ])('is told %s', (expected, changes) => expect(told(changes)).toBe(expected));

  it('is told that its token was given, and of a request that is not its own what it is told of none', () => {
    const detailOf = (changes: Partial<PolledRequest> | undefined): string => {
      try {
        return checkOutcome(changes && { ...pending, ...changes }, now).target.purpose;
      } catch (error) {
        return (error as DomainError).detail ?? '';
      }
    };
    expect(detailOf({ outcome: answered, isRedeemed: true })).toBe('The token of this auth_req_id has been given.');
    expect(detailOf(undefined)).toBe('This auth_req_id is unknown, or is bound to another key.');
  });

  it('is told why for an hour, and then of no request', () => {
    const expired: Partial<PolledRequest> = { outcome: { kind: 'expired' }, expiresAt: now };
    expect(told(expired, later(3599))).toBe('grant.expired');
    expect(told(expired, later(3600))).toBe('grant.invalid');
  });
});
