import type { Environment } from '../kernel/environment.ts';
import { parseUri } from '../kernel/web/uri.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a browser may be redirected there with a code. */
export function isRedirectUri(value: unknown, environment: Environment): value is string {
  const url = parseUri(value);
  if (!url || typeof value !== 'string' || value.includes('#') || url.username !== '' || url.password !== '')
    return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && environment !== 'production' && LOOPBACK.has(url.hostname);
}
