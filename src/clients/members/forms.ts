import { algorithmNames } from '../clients.ts';

/** Forms that the parser of CLIENTS_FILE and its JSON Schema share. Each is a valid ECMA-262 pattern with the flag `u`. */

export const ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/;
export const ID_FORM = '1 to 64 letters of A-Z, digits and . _ ~ -, the first a letter or digit';

export const AUTHORISATION_NUMBER = /^[A-Za-z0-9][A-Za-z0-9./-]{2,63}$/;
export const AUTHORISATION_NUMBER_FORM =
  'the number from the national authority, 3 to 64 letters, digits and . / -, for example PSDSE-FINA-44059';

export const MAX_NAME = 70;

/** RFC 3986 §2 without `#`. */
const URI_CHARACTERS = String.raw`[A-Za-z0-9\-._~:\/?\[\]@!$&'()*+,;=%]`;
export const WEB_URI = new RegExp(`^https?:\\/\\/${URI_CHARACTERS}+$`);
export const HTTPS_URI = new RegExp(`^https:\\/\\/${URI_CHARACTERS}+$`);
/** RFC 8252 §7.1: the scheme of an app has a dot in it. */
export const RETURN_URI = new RegExp(
  `^(?:https?:\\/\\/${URI_CHARACTERS}+|[A-Za-z][A-Za-z0-9+\\-]*\\.[A-Za-z0-9+.\\-]*:${URI_CHARACTERS}*)$`,
);
export const MAX_ENDPOINT = 2000;
/** BankID's limit for a `returnUrl`, less `?sigill_nonce=` and the 43 characters of the nonce. */
export const MAX_RETURN_URI = 512 - 57;
export const MAX_RETURN_URIS = 20;

/** @see C2SP signed-note, *Verifier keys*: a type and 32 octets are 44 characters */
export const WITNESS_KEY = /^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/u;
export const MAX_WITNESSES = 10;

/** RFC 6749 appendix A.1: visible characters of ASCII, and the space. */
export const PROVIDER_CLIENT_ID = /^[ -~]{1,200}$/;
export const CLAIM_NAME = /^[!-~]{1,200}$/;
export const CLAIM_VALUE = /^\P{Cc}{1,200}$/u;

/** December. */
export const LAST_MONTH = 12;

export const MAX_SUBJECT = 512;
export const lifetimeMinutes = { min: 5, max: 60, default: 15 } as const;
export const MAX_REQUESTS_PER_MINUTE = 1_000_000;

export const RULE_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const MAX_RULES = 20;
export const MAX_AGE_DAYS = 3650;

/** Private and symmetric parts, and the members that refer to a key elsewhere. */
export const REFUSED_IN_KEYS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth', 'x5u', 'jku'] as const;
export const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** What a registered key is: the members that make it, and the names that `alg` may have. */
export const keyForms = {
  signature: [
    { kind: { kty: 'EC', crv: 'P-256' }, parts: ['x', 'y'], algorithm: 'ES256', names: algorithmNames.ES256 },
    { kind: { kty: 'RSA' }, parts: ['n', 'e'], algorithm: 'PS256', names: algorithmNames.PS256 },
    { kind: { kty: 'OKP', crv: 'Ed25519' }, parts: ['x'], algorithm: 'EdDSA', names: algorithmNames.EdDSA },
  ],
  encryption: [
    { kind: { kty: 'EC', crv: 'P-256' }, parts: ['x', 'y'], algorithm: 'ECDH-ES', names: ['ECDH-ES'] },
    { kind: { kty: 'RSA' }, parts: ['n', 'e'], algorithm: 'RSA-OAEP-256', names: ['RSA-OAEP-256'] },
  ],
} as const;
