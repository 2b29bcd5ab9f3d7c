import { checkBackchannelRequest } from '../../../client-auth/request-object.ts';
import type { Client } from '../../../clients/clients.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { invalid, type Form } from '../../form/form.ts';
import { parametersOf, type BackchannelParameters } from './parameters.ts';

/** What stands beside the signed request: by whom it is sent. */
const CREDENTIALS = ['client_id', 'client_assertion', 'client_assertion_type', 'request'];

/** The parameters of a signed request, and the request itself. */
export interface SignedBackchannelRequest {
  readonly parameters: BackchannelParameters;
  /** Byte for byte as received. */
  readonly jwt: string;
  /** Names it. */
  readonly jtiHash: Buffer;
}

/**
 * Every backchannel request is signed, and nothing of it stands outside. CIBA has no error of its own for a request object.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID CIBA Core §7.1.1, §13; FAPI-CIBA §5.2.2
 */
export function checkSignedRequest(form: Form, client: Client, issuer: string, now: Date): SignedBackchannelRequest {
  const [outside] = form.without(CREDENTIALS);
  if (outside) throw invalid(outside[0], 'All parameters belong into the signed request.');
  const jwt = form.get('request');
  const { claims, jtiHash } = asInvalidRequest(() => checkBackchannelRequest(jwt, client, issuer, now));
  return { parameters: parametersOf(claims), jwt, jtiHash };
}

function asInvalidRequest<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'oauth.invalid-request-object') throw error;
    throw invalid('request', error.detail ?? 'The request object is not valid.');
  }
}
