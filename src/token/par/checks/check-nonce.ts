import { invalid, type Form } from '../../form/form.ts';
import { NONCE } from '../../oauth/patterns.ts';

/**
 * The nonce for the id_token; may be absent.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID Connect Core §3.1.2.1
 */
export function checkNonce(form: Form): string | undefined {
  const nonce = form.find('nonce');
  if (nonce !== undefined && !NONCE.test(nonce)) {
    throw invalid(
      'nonce',
      nonce.length > 1024 ? 'This is longer than 1024 characters.' : 'Only printable ASCII characters are accepted.',
    );
  }
  return nonce;
}
