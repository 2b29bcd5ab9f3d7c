/** Every way in which a call to BankID can fail. */
export type RpFailureKind =
  | 'already-in-progress'
  | 'invalid-parameters'
  | 'unauthorized'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'unsupported-media-type'
  | 'internal-error'
  | 'maintenance'
  | 'unknown-error'
  /** The body is not JSON: it came from a proxy, not from BankID. */
  | 'not-json'
  /** JSON, but not the answer of this endpoint. */
  | 'malformed'
  | 'timed-out'
  | 'unreachable'
  /** The connection ended after the request was (perhaps) sent. */
  | 'connection-lost'
  | 'client-certificate-refused'
  /** The server's certificate does not lead to the pinned root, or is not for this host. */
  | 'server-untrusted';

export interface RpFailure {
  readonly kind: RpFailureKind;
  readonly status: number | undefined;
  /** For the operator only. */
  readonly details: string | undefined;
}

const kindsOfCodes: ReadonlyMap<string, RpFailureKind> = new Map([
  ['alreadyinprogress', 'already-in-progress'],
  ['invalidparameters', 'invalid-parameters'],
  ['unauthorized', 'unauthorized'],
  ['notfound', 'not-found'],
  ['methodnotallowed', 'method-not-allowed'],
  ['requesttimeout', 'request-timeout'],
  ['unsupportedmediatype', 'unsupported-media-type'],
  ['internalerror', 'internal-error'],
  ['maintenance', 'maintenance'],
]);

const kindsOfStatuses: ReadonlyMap<number, RpFailureKind> = new Map([
  [400, 'invalid-parameters'],
  [401, 'unauthorized'],
  [403, 'unauthorized'],
  [404, 'not-found'],
  [405, 'method-not-allowed'],
  [408, 'request-timeout'],
  [415, 'unsupported-media-type'],
  [500, 'internal-error'],
  [503, 'maintenance'],
]);

/**
 * Reads an error answer `{errorCode, details}`; the code is compared without regard to case, as BankID itself varies it.
 * @see BankID, Relying Party API v6, "Errors"
 */
export function failureOfAnswer(status: number, body: unknown): RpFailure {
  const { errorCode, details } = body as { readonly errorCode?: unknown; readonly details?: unknown };
  const named = typeof errorCode === 'string' ? kindsOfCodes.get(errorCode.toLowerCase()) : undefined;
  return {
    kind: named ?? kindsOfStatuses.get(status) ?? 'unknown-error',
    status,
    details: typeof details === 'string' ? withoutDigits(details).slice(0, 300) : undefined,
  };
}

/** The failure of an answer without JSON, by its status. */
export function failureWithoutJson(status: number): RpFailure {
  return { kind: 'not-json', status, details: undefined };
}

const kindsOfErrors: ReadonlyMap<string, RpFailureKind> = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timed-out'],
  ['UND_ERR_BODY_TIMEOUT', 'timed-out'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'malformed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'server-untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'server-untrusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'server-untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'server-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'server-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'server-untrusted'],
  ['CERT_HAS_EXPIRED', 'server-untrusted'],
  ['CERT_NOT_YET_VALID', 'server-untrusted'],
  ['CERT_SIGNATURE_FAILURE', 'server-untrusted'],
]);

/** Reads what undici or Node's TLS threw. */
export function failureOfError(error: unknown): RpFailure {
  const { name, code, socket } = error as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly socket?: { readonly bytesRead?: unknown };
  };
  const known = typeof code === 'string' ? kindsOfErrors.get(code) : undefined;
  const kind = known ?? (name === 'TimeoutError' ? 'timed-out' : kindOfBrokenConnection(code, socket?.bytesRead));
  return { kind, status: undefined, details: typeof code === 'string' ? code : undefined };
}

/** With TLS 1.3, a refused client certificate shows only at the first read: by an alert, or by a closed connection. */
function kindOfBrokenConnection(code: unknown, bytesRead: unknown): RpFailureKind {
  const alert = typeof code === 'string' && /^ERR_SSL_.*ALERT/.test(code);
  const closedUnanswered = code === 'UND_ERR_SOCKET' && bytesRead === 0;
  return alert || closedUnanswered ? 'client-certificate-refused' : 'connection-lost';
}

/** A detail may quote what we sent; long digits could be a personal number. */
function withoutDigits(details: string): string {
  return details.replaceAll(/\d{6,}/g, '…');
}
