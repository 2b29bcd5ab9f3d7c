import type { Explanation } from './explanation.ts';

/** Problems with who calls, and how they prove it. */
export const callers = {
  'caller.unauthenticated': {
    meaning: 'The request has no valid sender-constrained access token or client certificate.',
    causes: [
      'The access token has expired: it lives for at most five minutes.',
      'The scheme is Bearer, and the token is bound to a DPoP key.',
      'The DPoP proof is made with another key than that of the token request.',
    ],
    remedy:
      'Get a new token at /token and send it as Authorization: DPoP, with a DPoP proof of the same key that has ath.',
  },
  'caller.forbidden': {
    meaning: 'The role, the scope or the origin of the caller does not permit this request.',
    causes: [
      'The token was requested without the scope that detail and WWW-Authenticate name.',
      'The endpoint is for another role: only TPPs push, only banks introspect and consume.',
      "A consent's own token was used where a token of the client itself is needed.",
    ],
    remedy: 'Request a token by client_credentials with that scope, as a client of that role.',
  },
  'caller.purpose-required': {
    meaning: 'Evidence may only be read for one of the listed purposes, and the request names none of them.',
    causes: ['The header Sigill-Purpose is missing, or has another word than /docs lists.'],
    remedy: 'Say in Sigill-Purpose why the evidence is read; it is recorded.',
  },
  'client.unknown': {
    meaning: 'No client is registered under this identifier.',
    causes: ['The client is registered at another installation, or not any more.'],
    remedy: 'Ask the operator whether and how the client is registered.',
  },
  'client.assertion-invalid': {
    meaning:
      'The client assertion is missing, is not signed by a registered key, or has an invalid claim. An unknown client, key and signature have the same answer.',
    causes: [
      'aud is the URL of the endpoint, or a list: it must be the issuer, as a string.',
      'exp has passed, or is more than ten minutes ahead; or a time is in milliseconds.',
      'The key or its kid is not the registered one, or alg is not that of the key.',
      'client_assertion_type or client_assertion is missing.',
      'Authorization: Basic or client_secret was sent as well.',
    ],
    remedy:
      'Make the assertion as docs/tpp.md says: iss and sub the client_id, aud the issuer, a new jti, exp a minute ahead, kid of the registered key.',
  },
  'client.assertion-replayed': {
    meaning: 'The client assertion has been used before; each may be used once.',
    causes: [
      'One assertion was made and kept for several requests.',
      'A library or proxy repeated the request by itself.',
    ],
    remedy: 'Make a new assertion, with a new jti, for each request, also for a repeated one.',
  },
  'client.certificate-invalid': {
    meaning: 'The client certificate is not the one registered for the client.',
    causes: [
      'The request went to the issuer and not to the mTLS address, so no certificate was asked for.',
      'The certificate is of another authority, has expired, or has another subject than the registered one.',
    ],
    remedy:
      'Use the addresses under mtls_endpoint_aliases of the metadata, and tell the operator before the subject changes.',
  },
  'dpop.missing': {
    meaning: 'The request needs proof of possession: a DPoP proof, or a client certificate.',
    causes: [
      'The header DPoP is missing, or a proxy has dropped it.',
      'The client is registered for DPoP from the push on.',
    ],
    remedy: 'Send a DPoP proof (RFC 9449 §4) with the request.',
  },
  'dpop.invalid': {
    meaning: 'The DPoP proof is not for this request, this key or this moment.',
    causes: [
      'htu is not the URL as the service knows it: issuer and path, without a query.',
      'iat is more than 60 seconds ago: the clock of the client differs.',
      'ath is missing where an access token is sent.',
      'typ is not dpop+jwt, or jwk is missing or private.',
    ],
    remedy:
      'Make one proof for each request, with htm, htu, iat, jti and, with a token, ath; keep the clock right by NTP.',
  },
  'dpop.replayed': {
    meaning: 'The DPoP proof has been used before; each may be used once.',
    causes: ['One proof was made and kept for several requests.', 'A library or proxy repeated the request by itself.'],
    remedy: 'Make a new proof, with a new jti, for each request, also for a repeated one.',
  },
  'dpop.nonce-required': {
    meaning: 'The DPoP proof must contain the nonce from the header DPoP-Nonce.',
    causes: ['The first request of a client, which has no nonce yet.', 'The nonce is older than a few minutes.'],
    remedy:
      'Take the nonce from DPoP-Nonce of this answer, make a new proof and a new assertion, and send the request again at once.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
