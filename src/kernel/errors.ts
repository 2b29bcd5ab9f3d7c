/**
 * Every way in which a request can end without success, as `area.problem`.
 * `http/problems.ts` has the HTTP status and title of each; the OAuth endpoints have their own table.
 */
export type ErrorCode =
  | 'request.malformed'
  | 'request.too-large'
  | 'request.too-slow'
  | 'request.not-found'
  | 'request.method-not-allowed'
  | 'request.not-acceptable'
  | 'request.unsupported-media-type'
  | 'request.range-not-satisfiable'
  | 'request.too-many'
  | 'request.idempotency-differs'
  | 'request.forged-certificate'
  | 'caller.unauthenticated'
  | 'caller.forbidden'
  | 'caller.purpose-required'
  | 'client.unknown'
  | 'client.assertion-invalid'
  | 'client.assertion-replayed'
  | 'client.certificate-invalid'
  | 'dpop.missing'
  | 'dpop.invalid'
  | 'dpop.replayed'
  | 'dpop.nonce-required'
  | 'initiation.invalid'
  | 'consent.not-found'
  | 'consent.not-awaiting-authorisation'
  | 'consent.not-authorised'
  | 'consent.payment-differs'
  | 'consent.payer-differs'
  | 'consent.token-differs'
  | 'consent.reference-used'
  | 'consent.reference-body-differs'
  | 'consent.not-consumed'
  | 'consent.execution-reported'
  | 'consent.altered'
  | 'consent.attempts-exhausted'
  | 'consent.too-many-orders'
  | 'login.not-awaiting'
  | 'login.attempts-exhausted'
  | 'login.too-many-orders'
  | 'browser.not-bound'
  | 'browser.too-late'
  | 'person.busy'
  | 'order.not-found'
  | 'order.already-open'
  | 'bankid.unavailable'
  | 'bankid.refused'
  | 'bankid.already-in-progress'
  | 'evidence.not-found'
  | 'evidence.none'
  | 'evidence.no-bundle'
  | 'evidence.not-sealable'
  | 'export.not-found'
  | 'export.no-approver'
  | 'export.requester-needed'
  | 'export.not-awaiting-approval'
  | 'export.not-ready'
  | 'export.gone'
  | 'export.unavailable'
  | 'approval.token-invalid'
  | 'approval.other-order'
  | 'approval.login-too-old'
  | 'approval.not-approver'
  | 'approval.own-order'
  | 'approval.replayed'
  | 'approval.provider-unavailable'
  | 'ledger.not-found'
  | 'ledger.unavailable'
  | 'grant.invalid'
  | 'grant.pending'
  | 'grant.slow-down'
  | 'grant.expired'
  | 'grant.denied'
  | 'login.not-found'
  | 'oauth.invalid-request'
  | 'oauth.unauthorized-client'
  | 'oauth.unsupported-grant-type'
  | 'oauth.unsupported-response-type'
  | 'oauth.invalid-scope'
  | 'oauth.invalid-target'
  | 'oauth.invalid-request-uri'
  | 'oauth.invalid-request-object'
  | 'oauth.unmet-authentication-requirements'
  | 'oauth.invalid-binding-message'
  | 'backchannel.not-found'
  | 'backchannel.nothing-to-start'
  | 'backchannel.return-differs'
  | 'service.key-missing'
  | 'service.unavailable';

export interface DomainErrorOptions {
  /** What the client may read: no personal number, token or signed XML. */
  readonly detail?: string;
  /** RFC 6901 JSON pointer to the member at fault. */
  readonly pointer?: string;
  /** What the operator may read in the log; the same prohibitions hold. */
  readonly log?: string;
  /** Further members for the problem document, e.g. the state that refuses. */
  readonly extra?: Readonly<Record<string, string>>;
  /** When the same request may succeed, where that is known. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** An outcome that ends the request. Outcomes that must be recorded are values, and bugs are assertions. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly pointer: string | undefined;
  readonly log: string | undefined;
  readonly extra: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: DomainErrorOptions = {}) {
    super(options.log ?? options.detail ?? code, { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.detail = options.detail;
    this.pointer = options.pointer;
    this.log = options.log;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The code of an error: of the system (`EEXIST`), of Node or our own. Empty for anything without one. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
