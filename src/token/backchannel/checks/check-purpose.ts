import { loginScopes } from '../../../clients/payer-ways.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { invalid } from '../../form/form.ts';
import { hasAuthorizationDetails, type BackchannelParameters } from './parameters.ts';

/** What the person is asked for. */
export type Purpose = 'payment';

/**
 * `authorization_details` in any form mean a payment, and a login is asked for by its scopes. One is never taken for the other.
 * @throws DomainError `oauth.invalid-scope` for a login, which is not offered here; `oauth.invalid-request` for neither
 */
export function checkPurpose(parameters: BackchannelParameters): Purpose {
  if (hasAuthorizationDetails(parameters)) return 'payment';
  const asked = parameters.form.find('scope')?.split(' ') ?? [];
  if (asked.some((scope) => loginScopes.some((login) => login === scope)))
    throw new DomainError('oauth.invalid-scope', { pointer: '/scope', detail: 'Logins are not offered here.' });
  throw invalid('authorization_details', 'This parameter is missing.');
}
