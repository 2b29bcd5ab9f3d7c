/** A `jti` that can be claimed: a string of 1 to 256 characters. */
export function isJwtId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 256;
}
