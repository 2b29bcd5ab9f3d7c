/**
 * Whether the `typ` of a JWT is one of these media types, which stand here in lower case and without `application/`: upper and
 * lower case are one, and that prefix may be left out.
 * @see RFC 7515 §4.1.9
 */
export function isMediaType(typ: unknown, types: readonly string[]): boolean {
  return typeof typ === 'string' && types.includes(typ.toLowerCase().replace(/^application\/(?=[^/]*$)/, ''));
}
