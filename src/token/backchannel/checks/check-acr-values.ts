import { invalid, type Form } from '../../form/form.ts';
import { NONCE } from '../../oauth/patterns.ts';

/**
 * A wish, which may go unheard: the `acr` of the id_token says what was done.
 * @throws DomainError `oauth.invalid-request` for what cannot be a list of names
 * @see OpenID CIBA Core §7.1
 */
export function checkAcrValues(form: Form): void {
  if (!NONCE.test(form.find('acr_values') ?? '-'))
    throw invalid('acr_values', 'Names with a space between them are expected.');
}
