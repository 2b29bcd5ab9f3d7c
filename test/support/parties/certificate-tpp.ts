import * as oauth from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import type { KeyedCertificate } from '../../../sandbox/tls.ts';

/** `fetch` over TLS with this client certificate. */
export function fetchWith({ certificate, key }: KeyedCertificate): oauth.CustomFetch {
  const dispatcher = new Agent({ connect: { cert: certificate, key } });
  return async (url, options) => {
    const answer: unknown = await undiciFetch(url, { ...options, dispatcher } as object);
    return answer as Response;
  };
}

/** openid-client with a certificate: for authenticating by it (the default), or only for binding tokens to it. */
export async function discoverWith(
  issuer: string,
  clientId: string,
  certificate: KeyedCertificate,
  authentication: oauth.ClientAuth = oauth.TlsClientAuth(),
): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(issuer), clientId, { use_mtls_endpoint_aliases: true }, authentication, {
    algorithm: 'oauth2',
    [oauth.customFetch]: fetchWith(certificate),
  });
}
