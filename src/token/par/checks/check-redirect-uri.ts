import type { Environment } from '../../../kernel/environment.ts';
import type { Client } from '../../../clients/clients.ts';
import { isRedirectUri } from '../../../clients/redirect-uri.ts';
import { invalid, type Form } from '../../form/form.ts';
import { MAX_REDIRECT_URI } from '../../oauth/patterns.ts';

/**
 * A registered URI, compared as a string, or any https URI, because the client that pushes it is authenticated.
 * @throws DomainError `oauth.invalid-request`
 * @see RFC 9126 §2.4; FAPI 2.0 Security Profile §5.3.2.2
 */
export function checkRedirectUri(form: Form, client: Client, environment: Environment): string {
  const uri = form.get('redirect_uri');
  if (client.redirectUris.includes(uri)) return uri;
  const isPushable = uri.length <= MAX_REDIRECT_URI && uri.startsWith('https://') && isRedirectUri(uri, environment);
  if (!isPushable) throw invalid('redirect_uri', `This URI is not registered, and one that is not ${faultOf(uri)}.`);
  return uri;
}

function faultOf(uri: string): string {
  if (!uri.startsWith('https://')) return 'must begin with https://';
  if (uri.length > MAX_REDIRECT_URI) return `has at most ${MAX_REDIRECT_URI} characters`;
  return uri.includes('#') ? 'has no fragment' : 'must be a URI without user and password';
}
