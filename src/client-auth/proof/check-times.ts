import { addMs, SECOND_MS } from '../../kernel/clock.ts';

/** FAPI 2.0 §5.3.2.1: 10 s in the future must be accepted, more than 60 s must not. */
export const FUTURE_TOLERANCE_MS = 30 * SECOND_MS;
/** The year 5138: what is larger was given in milliseconds. */
const MAX_NUMERIC_DATE = 1e11;

type Refuse = (detail: string) => never;

/** A NumericDate (RFC 7519 §2): seconds since 1970, a JSON number. */
export function parseNumericDate(name: string, value: unknown, refuse: Refuse): Date {
  if (typeof value !== 'number' || value < 0 || value > MAX_NUMERIC_DATE)
    return refuse(`${name} is not a NumericDate: seconds since 1970, as a number`);
  return new Date(value * SECOND_MS);
}

/**
 * `iat` or `nbf`: may be absent, and must not be in the future by more than clocks differ.
 * @returns the earliest moment at which it is accepted; undefined if it is absent
 */
export function checkIssuedBefore(name: string, value: unknown, now: Date, refuse: Refuse): Date | undefined {
  return value === undefined ? undefined : checkBegun(name, value, now, refuse);
}

/** A required time that must not be in the future by more than clocks differ. @returns the earliest moment at which it is accepted */
export function checkBegun(name: string, value: unknown, now: Date, refuse: Refuse): Date {
  const from = addMs(parseNumericDate(name, value, refuse), -FUTURE_TOLERANCE_MS);
  return from > now ? refuse(`${name} is in the future`) : from;
}

/** `exp`: required, and in the future. */
export function checkNotExpired(value: unknown, now: Date, refuse: Refuse): Date {
  if (value === undefined) return refuse('exp is missing');
  const expiresAt = parseNumericDate('exp', value, refuse);
  return expiresAt > now ? expiresAt : refuse('exp has passed');
}
