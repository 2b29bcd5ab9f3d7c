import type { Client } from '../../../clients/clients.ts';
import { invalid } from '../../form/form.ts';
import { isLoginRequest } from '../../openid/login-request.ts';
import type { RequestTarget } from '../store/request-target.ts';
import { hasAuthorizationDetails, type BackchannelParameters } from './parameters.ts';

/**
 * `authorization_details` in any form mean a payment, and a login is asked for by name. One is never taken for the other.
 * @throws DomainError `oauth.invalid-request` for neither
 */
export function checkPurpose(parameters: BackchannelParameters, client: Client): RequestTarget['purpose'] {
  if (hasAuthorizationDetails(parameters)) return 'payment';
  if (isLoginRequest(parameters.form, client)) return 'login';
  throw invalid('authorization_details', 'This parameter is missing, and no login is asked for.');
}
