import { DomainError } from '../../../kernel/errors.ts';
import { IDEMPOTENCY_KEY } from '../../oauth/patterns.ts';

/**
 * The name that a TPP gives to one push, so that it may repeat it; may be absent.
 * @throws DomainError `oauth.invalid-request`
 * @see draft-ietf-httpapi-idempotency-key-header §2.1
 */
export function checkIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && IDEMPOTENCY_KEY.test(header)) return header;
  throw new DomainError('oauth.invalid-request', { detail: 'Idempotency-Key: 1 to 40 printable characters.' });
}
