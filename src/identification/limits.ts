/**
 * Limits of what a login signs. BankID takes at most 1,500 characters of base64 for each of text and data; with these limits neither
 * is ever longer.
 */

/** In base64. @see BankID, Relying Party API v6, `/auth` */
export const MAX_SIGNED_BASE64 = 1500;

/**
 * The code that the client shows or says, so that the person can compare: words of these characters with single spaces, 20 at most.
 * @see OpenID CIBA Core 1.0 §7.1 (binding_message)
 */
export const BINDING_MESSAGE = /^(?=.{1,20}$)[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*$/;

/** Of a client, as for its registration, counted in UTF-16 code units. */
export const CLIENT_NAME_LENGTH = 70;
export const CLIENT_ID = /^[A-Za-z0-9._~-]{1,64}$/;

/** A scope-token without quotation mark and backslash. @see RFC 6749 §3.3 */
export const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
/** Of all scopes of a login with single spaces between them. */
export const SCOPES_LENGTH = 200;

/** 128 random bits, base64url. */
export const NONCE = /^[A-Za-z0-9_-]{22}$/;
