import { invalid, type Form } from '../../form/form.ts';
import { MAX_AGE, PROMPT } from '../../oauth/patterns.ts';

/**
 * OpenID Connect's wishes about the authentication of the payer: either they hold in any case, or the request is refused.
 * Ignoring one silently would be a promise that the id_token does not keep.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID Connect Core §3.1.2.1, §3.1.2.2
 */
export function checkAuthentication(form: Form): void {
  const prompt = form.find('prompt');
  if (prompt !== undefined && !PROMPT.test(prompt)) {
    throw invalid('prompt', 'Only login and consent are supported: the payer is always asked to sign.');
  }
  // The payer signs after the push, so any max_age is kept.
  if (!MAX_AGE.test(form.find('max_age') ?? '0')) {
    throw invalid('max_age', 'A whole number of seconds is expected.');
  }
  if (form.find('id_token_hint') !== undefined) {
    throw invalid('id_token_hint', 'Use login_hint to name the person who may sign.');
  }
}
