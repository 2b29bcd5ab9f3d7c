import { invalid, type Form } from '../../form/form.ts';
import { MAX_AGE, PROMPT } from '../../oauth/patterns.ts';

/**
 * What an OpenID Connect client asks of how its payer is authenticated: either it is so anyway, or the request is refused. A
 * wish that was passed over in silence would be a promise that the id_token does not keep.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID Connect Core §3.1.2.1, §3.1.2.2
 */
export function checkAuthentication(form: Form): void {
  const prompt = form.find('prompt');
  if (prompt !== undefined && !PROMPT.test(prompt)) {
    throw invalid('prompt', 'Only login and consent are supported: the payer is always asked to sign.');
  }
  // The payer signs after the push, so that no age that a client may ask for is exceeded.
  if (!MAX_AGE.test(form.find('max_age') ?? '0')) {
    throw invalid('max_age', 'A whole number of seconds is expected.');
  }
  if (form.find('id_token_hint') !== undefined) {
    throw invalid('id_token_hint', 'Who may sign is said by login_hint.');
  }
}
