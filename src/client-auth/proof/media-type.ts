/**
 * Whether the `typ` of a JWT is one of these media types, given in lower case and without `application/`. Case is
 * ignored, and the prefix may be omitted.
 * @see RFC 7515 §4.1.9
 */
export function isMediaType(typ: unknown, types: readonly string[]): boolean {
  return typeof typ === 'string' && types.includes(typ.toLowerCase().replace(/^application\/(?=[^/]*$)/, ''));
}
