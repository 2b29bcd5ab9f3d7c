import { DomainError } from '../../../kernel/errors.ts';
import { IDEMPOTENCY_KEY } from '../../oauth/patterns.ts';

/**
 * The key with which a TPP can repeat a push; may be absent.
 * @throws DomainError `oauth.invalid-request`
 * @see draft-ietf-httpapi-idempotency-key-header §2.1
 */
export function checkIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && IDEMPOTENCY_KEY.test(header)) return header;
  throw new DomainError('oauth.invalid-request', {
    detail: 'Idempotency-Key: 1 to 40 printable ASCII characters without spaces are expected.',
  });
}
