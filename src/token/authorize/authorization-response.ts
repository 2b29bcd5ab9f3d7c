import type { ReturnAddress } from '../par/authorization-request.repository.ts';

type Answer = { readonly code: string } | { readonly error: 'access_denied'; readonly error_description: string };

/**
 * The TPP's redirect URI with our answer in the query; the URI's own query is kept.
 * @see RFC 6749 §4.1.2, RFC 9207 §2: `iss` with success and error alike
 */
export function authorizationResponse(address: ReturnAddress, answer: Answer, issuer: string): string {
  const parameters = new URLSearchParams({ ...answer });
  if (address.state !== undefined) parameters.set('state', address.state);
  parameters.set('iss', issuer);
  return `${address.redirectUri}${address.redirectUri.includes('?') ? '&' : '?'}${parameters.toString()}`;
}

/** Where a browser goes whose client has its answer already: to the client's site, and not with a second answer to its redirect URI. */
export function frontOf({ redirectUri }: ReturnAddress): string {
  return new URL('/', redirectUri).href;
}
