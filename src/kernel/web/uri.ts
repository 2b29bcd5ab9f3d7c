/** The characters of a URI. Whatever else a browser understands is no URI, and cannot stand in a header. */
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

/** An absolute URI, with the help of the parser of URLs, which alone would take white space and backslashes. @see RFC 3986 §2 */
export function parseUri(value: unknown): URL | undefined {
  return typeof value === 'string' && URI.test(value) ? (URL.parse(value) ?? undefined) : undefined;
}
