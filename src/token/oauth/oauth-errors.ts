import { problemUri } from '../../http/problems.ts';
import type { DomainError, ErrorCode } from '../../kernel/errors.ts';

/** An error in the form of the OAuth endpoints. */
export interface OAuthError {
  readonly status: number;
  readonly body: { readonly error: string; readonly error_description?: string; readonly error_uri: string };
}

interface Spec {
  readonly status: number;
  readonly error: string;
}

const bad = (error: string): Spec => ({ status: 400, error });

/**
 * The OAuth errors for our codes. A code without a row, which these endpoints should not raise, becomes a server_error.
 * @see OpenID Connect Core Error Code unmet_authentication_requirements §3, RFC 6749 §5.2, RFC 8707 §2, RFC 9126 §2.3, RFC 9396 §5,
 *   RFC 9449 §5, OpenID CIBA Core §11, §13
 */
const oauthErrors: Partial<Record<ErrorCode, Spec>> = {
  'client.assertion-invalid': { status: 401, error: 'invalid_client' },
  'client.assertion-replayed': { status: 401, error: 'invalid_client' },
  'client.certificate-invalid': { status: 401, error: 'invalid_client' },
  'caller.forbidden': { status: 403, error: 'unauthorized_client' },
  // A missing proof is not an invalid one, and a certificate would do as well.
  'dpop.missing': bad('invalid_request'),
  'dpop.invalid': bad('invalid_dpop_proof'),
  'dpop.replayed': bad('invalid_dpop_proof'),
  'dpop.nonce-required': bad('use_dpop_nonce'),
  'initiation.invalid': bad('invalid_authorization_details'),
  'grant.invalid': bad('invalid_grant'),
  'grant.pending': bad('authorization_pending'),
  'grant.slow-down': bad('slow_down'),
  'grant.expired': bad('expired_token'),
  'grant.denied': bad('access_denied'),
  'oauth.invalid-request': bad('invalid_request'),
  'oauth.unauthorized-client': bad('unauthorized_client'),
  'oauth.unsupported-grant-type': bad('unsupported_grant_type'),
  'oauth.unsupported-response-type': bad('unsupported_response_type'),
  'oauth.invalid-scope': bad('invalid_scope'),
  'oauth.invalid-target': bad('invalid_target'),
  'oauth.invalid-request-uri': bad('invalid_request_uri'),
  'oauth.invalid-request-object': bad('invalid_request_object'),
  'oauth.unmet-authentication-requirements': bad('unmet_authentication_requirements'),
  'oauth.invalid-binding-message': bad('invalid_binding_message'),
  'request.malformed': bad('invalid_request'),
  'request.forged-certificate': bad('invalid_request'),
  'request.unsupported-media-type': { status: 415, error: 'invalid_request' },
  'request.method-not-allowed': { status: 405, error: 'invalid_request' },
  'request.idempotency-differs': { status: 422, error: 'invalid_request' },
  'request.too-large': { status: 413, error: 'invalid_request' },
  'request.too-many': { status: 429, error: 'temporarily_unavailable' },
  'person.busy': { status: 403, error: 'access_denied' },
  'bankid.unavailable': { status: 503, error: 'temporarily_unavailable' },
  'service.key-missing': { status: 503, error: 'temporarily_unavailable' },
  'service.unavailable': { status: 503, error: 'temporarily_unavailable' },
};

/** Outcomes that a client must not be able to tell apart, not even by `error_uri`, and the code that stands for them. */
const alike: Partial<Record<ErrorCode, ErrorCode>> = {
  // Whether a client is registered.
  'client.unknown': 'client.assertion-invalid',
  // Another order for the same person, of whomever, or too many of them: it would say what else the person does.
  'bankid.already-in-progress': 'person.busy',
  'consent.too-many-orders': 'person.busy',
  'login.too-many-orders': 'person.busy',
  // What BankID says of a person.
  'bankid.refused': 'bankid.unavailable',
};

/** All values of `error`. */
export const oauthErrorNames: readonly string[] = [
  ...new Set([...Object.values(oauthErrors).map(({ error }) => error), 'server_error']),
];

const descriptions: Partial<Record<ErrorCode, string>> = {
  'client.assertion-replayed': 'The client assertion has been used before.',
  'caller.forbidden': 'This endpoint is not for clients of this role.',
  'oauth.unauthorized-client': 'This client is not registered for this request.',
  'dpop.missing': 'A proof of possession is required: a DPoP proof, or a client certificate.',
  'dpop.replayed': 'The DPoP proof has been used before.',
  'dpop.nonce-required': 'The DPoP proof must contain the nonce from the header DPoP-Nonce.',
  'grant.pending': 'The payer has not answered yet.',
  'grant.slow-down': 'Asked before the interval was over; from now on it is five seconds longer.',
  'grant.expired': 'The time of the request is over.',
  'person.busy': 'The person cannot be asked at present.',
  'request.too-many': 'Too many requests from this client; Retry-After says when to try again.',
  'request.idempotency-differs': 'Another request was sent with this Idempotency-Key.',
  'request.forged-certificate': 'A client certificate in a header is accepted only from configured proxies.',
  'request.unsupported-media-type': 'The body must be application/x-www-form-urlencoded.',
  'request.method-not-allowed': 'This endpoint accepts only POST.',
};

/**
 * The error as the client reads it: the pointer of the member at fault, then a sentence, and the page that explains it. Unknown
 * errors reveal nothing.
 */
export function oauthErrorOf(error: DomainError | undefined, issuer: string): OAuthError {
  const code = error && (alike[error.code] ?? error.code);
  const spec = code && oauthErrors[code];
  if (!spec) return { status: 500, body: { error: 'server_error', error_uri: problemUri('internal', issuer) } };
  const sentence = error.detail ?? descriptions[code];
  const description = [error.pointer, sentence].filter((part) => part !== undefined && part !== '').join(': ');
  return {
    status: spec.status,
    body: {
      error: spec.error,
      ...(description !== '' && { error_description: printable(description) }),
      error_uri: problemUri(code, issuer),
    },
  };
}

/** RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E. Our sentences quote only member names. */
function printable(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?');
}
