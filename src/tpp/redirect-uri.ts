import type { Environment } from '../kernel/environment.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a browser may be sent there with a code. */
export function isRedirectUri(value: unknown, environment: Environment): value is string {
  const url = parseUrl(value);
  if (!url || typeof value !== 'string' || value.includes('#') || url.username !== '' || url.password !== '')
    return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && environment !== 'production' && LOOPBACK.has(url.hostname);
}

/** The characters of a URI. Whatever else a browser understands is no URI, and cannot stand in `Location`. */
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

/** An absolute URI. @see RFC 3986 §2 */
export function parseUrl(value: unknown): URL | undefined {
  return typeof value === 'string' && URI.test(value) ? (URL.parse(value) ?? undefined) : undefined;
}
