import type { Explanation } from './explanation.ts';

/** Problems with the request as such, and with the service. */
export const requests = {
  'request.malformed': {
    meaning: 'A member, header or parameter of the request is missing, unknown or malformed.',
    causes: [
      'A member is misspelt or has another type than the API description gives.',
      'The body is not JSON, or has a member twice.',
      'The connection ended before the body had arrived.',
    ],
    remedy:
      'Read pointer and detail, which name the member and its fault, and compare the body with its schema at /docs.',
  },
  'request.too-large': {
    meaning: 'The body is larger than this route accepts.',
    causes: ['A file was sent to a route for JSON or a form.', 'The body is a compressed one that unpacks to more.'],
    remedy: 'Send a smaller body; detail says how large it may be.',
  },
  'request.too-slow': {
    meaning: 'The body did not arrive in time.',
    causes: ['The connection is slow, or the client stopped in the middle of the body.'],
    remedy: 'Send it again, with new proofs, over a better connection.',
  },
  'request.not-found': {
    meaning: 'There is no resource with this URL.',
    causes: ['The path is misspelt, or belongs to another installation.'],
    remedy:
      'Take the URLs of endpoints from the metadata, /.well-known/oauth-authorization-server, and all others from /docs.',
  },
  'request.method-not-allowed': {
    meaning: 'The resource does not support this method; the header Allow lists the supported ones.',
    causes: ['GET instead of POST: the OAuth endpoints take forms.', 'HEAD, where it is not supported.'],
    remedy: 'Use a method of the header Allow.',
  },
  'request.not-acceptable': {
    meaning: 'The header Accept allows none of the forms that this resource has.',
    causes: ['The media type is misspelt, or of another resource.'],
    remedy: 'Accept one of the media types that the route has at /docs, or leave the header out.',
  },
  'request.unsupported-media-type': {
    meaning: 'The body is of a media type or a content coding that this route does not accept.',
    causes: [
      'JSON was sent to an OAuth endpoint, which takes application/x-www-form-urlencoded.',
      'A form was sent to a route that takes application/json, or the header Content-Type is missing.',
    ],
    remedy: 'Send the media type that /docs gives for the route.',
  },
  'request.range-not-satisfiable': {
    meaning: 'The range begins beyond the end of what is asked for.',
    causes: ['All of it was received before.', 'The range is of another result.'],
    remedy: 'Read the size from Content-Range, and send If-Range with the ETag of the result.',
  },
  'request.too-many': {
    meaning: 'The rate limit of the client, or of its address, has been reached.',
    causes: [
      'Polling without a pause.',
      'A burst above the number of requests for a minute that the operator has set.',
    ],
    remedy:
      'Wait for as many seconds as Retry-After says, and spread the requests. The proofs of a refused request are unused: an assertion that is still valid may be sent again.',
  },
  'request.idempotency-differs': {
    meaning: 'Another request was sent with this Idempotency-Key.',
    causes: [
      'The key of an earlier payment was used for a new one.',
      'A parameter, such as state or code_challenge, was made anew for the repetition.',
    ],
    remedy:
      'To repeat a push, send exactly the same parameters; only the proofs are new. For another payment, make another key.',
  },
  'request.forged-certificate': {
    meaning: 'A client certificate in a header is accepted only from configured proxies.',
    causes: ['The client itself sends Client-Cert.', 'The operator has not named the proxy in TRUSTED_PROXIES.'],
    remedy:
      'Present the certificate in the TLS handshake at the address of the mtls_endpoint_aliases, and send no such header.',
  },
  'service.key-missing': {
    meaning: 'The service lacks a key that this request needs; its operator has to add it.',
    causes: ['A key of the service was removed while stored values still name it.'],
    remedy:
      'Try again later, and tell the operator the request id. Nothing was changed, and a code stays valid until it expires.',
  },
  'service.unavailable': {
    meaning: 'The service cannot answer at present.',
    causes: ['It is at its capacity, is being started, or cannot reach its database.'],
    remedy:
      'Send the request again after Retry-After, with new proofs. Repeat a push with its Idempotency-Key and a consumption as it was: what had happened already is answered again.',
  },
  internal: {
    meaning: 'The service failed unexpectedly; its log has the error under the request id.',
    causes: ['A fault of the service.'],
    remedy:
      'Tell the operator the request id of the header X-Request-Id. Whether the request had an effect is not known: read the consent before you repeat it.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
