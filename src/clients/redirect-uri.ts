import type { Environment } from '../kernel/environment.ts';
import { parseUri } from '../kernel/web/uri.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a browser may be redirected there with a code. */
export function isRedirectUri(value: unknown, environment: Environment): value is string {
  const url = parseWebUri(value);
  if (url?.protocol === 'https:') return true;
  return environment !== 'production' && isLoopbackUri(value);
}

/** Plain http on this machine. */
export function isLoopbackUri(value: unknown): value is string {
  const url = parseWebUri(value);
  return url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
}

/** Without fragment and without credentials. */
function parseWebUri(value: unknown): URL | undefined {
  const url = parseUri(value);
  const isBare = typeof value === 'string' && !value.includes('#') && url?.username === '' && url.password === '';
  return isBare ? url : undefined;
}
