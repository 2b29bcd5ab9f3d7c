import { randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';

const FORM = /^[A-Za-z0-9_-]{22}$/;
/** The longest time that browsers keep a cookie. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/**
 * Identifies a browser to BankID's risk assessment across payments: random, long-lived, and of no use for
 * anything else. It is not the binding cookie, which BankID never gets.
 * @see BankID, Relying Party API v6, `web.deviceIdentifier`
 */
export function findDeviceIdentifier(cookieHeader: string | undefined, secure: boolean): string | undefined {
  const value = parseCookie(cookieHeader ?? '')[nameOf(secure)] ?? '';
  return FORM.test(value) ? value : undefined;
}

export function newDeviceIdentifier(): string {
  return randomBytes(16).toString('base64url');
}

export function deviceIdentifierCookie(value: string, secure: boolean): string {
  return stringifySetCookie({
    name: nameOf(secure),
    value,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: MAX_AGE_SECONDS,
  });
}

function nameOf(secure: boolean): string {
  return secure ? '__Host-sigill-device' : 'sigill-device';
}
