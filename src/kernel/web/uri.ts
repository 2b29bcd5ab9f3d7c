/** The characters of a URI. Other characters, which a browser may accept, are not valid in a URI or a header. */
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

/** An absolute URI. The URL parser by itself would accept white space and backslashes. @see RFC 3986 §2 */
export function parseUri(value: unknown): URL | undefined {
  return typeof value === 'string' && URI.test(value) ? (URL.parse(value) ?? undefined) : undefined;
}
