import { invalid, type Form } from '../../oauth/form.ts';

/**
 * What the id_token shall carry; may be absent.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID Connect Core §3.1.2.1
 */
export function checkNonce(form: Form): string | undefined {
  const nonce = form.find('nonce');
  if (nonce !== undefined && !/^[\x20-\x7E]{1,1024}$/.test(nonce)) {
    throw invalid('nonce', 'At most 1024 printable ASCII characters are expected.');
  }
  return nonce;
}
