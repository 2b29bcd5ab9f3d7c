import { randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Brand } from '../kernel/brand.ts';

/** The secret that identifies the browser that began an interaction: 256 random bits, base64url. Only its hash is stored. */
export type BrowserCookie = Brand<string, 'BrowserCookie'>;

const FORM = /^[A-Za-z0-9_-]{43}$/;
/** Longer than the longest consent (60 min to authorise, 5 to return), so that a closed tab can be opened again. */
const MAX_AGE_SECONDS = 2 * 60 * 60;

export function newBrowserCookie(): BrowserCookie {
  return randomBytes(32).toString('base64url') as BrowserCookie;
}

/**
 * Over https the name begins with `__Host-`, so that neither a sibling domain nor plain http can plant the cookie.
 * @see RFC 6265bis §4.1.3.2
 */
export function browserCookieName(issuer: string): string {
  return isSecure(issuer) ? '__Host-sigill' : 'sigill';
}

/**
 * The binding cookie of a request; undefined if it is absent, malformed or sent twice, because two cookies of one name mean that
 * one was planted.
 */
export function findBrowserCookie(issuer: string, cookieHeader: string | undefined): BrowserCookie | undefined {
  if (cookieHeader === undefined) return undefined;
  const name = browserCookieName(issuer);
  const named = cookieHeader.split(';').filter((part) => part.trim().startsWith(`${name}=`));
  if (named.length !== 1) return undefined;
  const value = parseCookie(cookieHeader)[name] ?? '';
  return FORM.test(value) ? (value as BrowserCookie) : undefined;
}

/**
 * The Set-Cookie header that binds a browser. Lax, not Strict: the return from the BankID app and from the TPP is a
 * top-level navigation from elsewhere, and must include the cookie.
 */
export function setBrowserCookie(issuer: string, value: string): string {
  return stringifySetCookie({
    name: browserCookieName(issuer),
    value,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(issuer),
    maxAge: MAX_AGE_SECONDS,
  });
}

/** Whether the service is reached over https, so that its cookies must be Secure. */
export function isSecure(issuer: string): boolean {
  return issuer.startsWith('https://');
}
