import { parseUri } from '../../kernel/web/uri.ts';

/**
 * A URL in the normal form for comparing `htu`: lower-case scheme and host, no default port, dot segments resolved,
 * unreserved characters not escaped, escapes in capitals, no query and no fragment. Undefined if it is not an http(s) URL.
 * @see RFC 9449 §4.3 check 9; RFC 3986 §6.2.2, §6.2.3
 */
export function normaliseUri(value: string): string | undefined {
  const url = parseUri(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  return `${url.protocol}//${url.host}${url.pathname.replaceAll(/%[0-9a-f]{2}/gi, normaliseEscape)}`;
}

function normaliseEscape(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
}
