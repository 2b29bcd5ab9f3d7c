import type { Backchannel } from '../../../../clients/payer-ways.ts';
import { invalid, type Form } from '../../../form/form.ts';

/**
 * Where the BankID app returns to: a registered URI, compared as a string.
 * @throws DomainError `oauth.invalid-request`
 */
export function checkReturnUri(form: Form, { returnUris }: Backchannel): string {
  const uri = form.get('return_uri');
  if (!returnUris.includes(uri)) throw invalid('return_uri', 'It is not registered for this client.');
  return uri;
}
