import { HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { isForLater } from '../database/database-errors.ts';
import { noteError } from '../operations/current-request.ts';

/** Retry-After of an error that has no time of its own, in seconds. */
export const RETRY_AFTER_SECONDS = '5';

/** Sets Retry-After, to the error's own time if it has one. A header that is already set is kept. */
export function setRetryAfter(response: Response, error: DomainError | undefined): void {
  if (response.hasHeader('Retry-After')) return;
  response.setHeader('Retry-After', error?.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
}

/** For answers that are not problem documents: every 429 and 503 has a Retry-After. */
export function setRetryAfterByStatus(response: Response, status: number, error: DomainError | undefined): void {
  if (status === 429 || status === 503) setRetryAfter(response, error);
}

/** How the HTTP edge answers an error. `retry`: whether the same request may succeed later. */
export interface ProblemSpec {
  readonly status: number;
  readonly title: string;
  readonly retry: 'never' | 'later';
}

const spec = (status: number, title: string, retry: ProblemSpec['retry'] = 'never'): ProblemSpec => ({
  status,
  title,
  retry,
});

/** One row per error code; a code without a row does not compile. `openapi/pages/problem-meanings.ts` explains each. */
export const problems = {
  'request.malformed': spec(400, 'Malformed request'),
  'request.too-large': spec(413, 'Request too large'),
  'request.too-slow': spec(408, 'Request timeout', 'later'),
  'request.not-found': spec(404, 'Not found'),
  'request.method-not-allowed': spec(405, 'Method not allowed'),
  'request.not-acceptable': spec(406, 'Not acceptable'),
  'request.unsupported-media-type': spec(415, 'Unsupported media type'),
  'request.range-not-satisfiable': spec(416, 'Range beyond the end'),
  'request.too-many': spec(429, 'Too many requests', 'later'),
  'request.idempotency-differs': spec(422, 'Idempotency-Key reused'),
  'request.forged-certificate': spec(400, 'Untrusted certificate header'),
  'caller.unauthenticated': spec(401, 'Authentication required'),
  'caller.forbidden': spec(403, 'Not permitted'),
  'caller.purpose-required': spec(400, 'Purpose required'),
  'client.unknown': spec(401, 'Unknown client'),
  'client.assertion-invalid': spec(401, 'Invalid client assertion'),
  'client.assertion-replayed': spec(401, 'Replayed client assertion'),
  'client.certificate-invalid': spec(401, 'Invalid client certificate'),
  'dpop.missing': spec(401, 'DPoP proof required'),
  'dpop.invalid': spec(401, 'Invalid DPoP proof'),
  'dpop.replayed': spec(401, 'Replayed DPoP proof'),
  'dpop.nonce-required': spec(401, 'DPoP nonce required', 'later'),
  'initiation.invalid': spec(400, 'Invalid payment initiation'),
  'consent.not-found': spec(404, 'Consent not found'),
  'consent.not-awaiting-authorisation': spec(409, 'Consent not awaiting authorisation'),
  'consent.not-authorised': spec(409, 'Consent not authorised'),
  'consent.payment-differs': spec(422, 'Payment differs'),
  'consent.payer-differs': spec(422, 'Payer differs'),
  'consent.token-differs': spec(422, 'Token differs'),
  'consent.reference-used': spec(409, 'Payment reference used'),
  'consent.reference-body-differs': spec(422, 'Payment reference reused'),
  'consent.not-consumed': spec(409, 'Consent not consumed'),
  'consent.execution-reported': spec(409, 'Outcome already reported'),
  'consent.altered': spec(409, 'Stored consent altered'),
  'consent.attempts-exhausted': spec(409, 'No attempts left'),
  'consent.too-many-orders': spec(429, 'Too many orders', 'later'),
  'login.not-awaiting': spec(409, 'Login has ended'),
  'login.attempts-exhausted': spec(409, 'No attempts left'),
  'login.too-many-orders': spec(429, 'Too many logins', 'later'),
  'browser.too-late': spec(410, 'Request expired'),
  'browser.not-bound': spec(404, 'Browser not bound'),
  'person.busy': spec(403, 'Person busy', 'later'),
  'order.not-found': spec(404, 'Order not found'),
  'order.already-open': spec(409, 'Order already open', 'later'),
  'bankid.unavailable': spec(503, 'BankID unavailable', 'later'),
  'bankid.refused': spec(502, 'Refused by BankID', 'later'),
  'bankid.already-in-progress': spec(409, 'BankID order in progress', 'later'),
  'evidence.not-found': spec(404, 'Evidence not found'),
  'export.not-found': spec(404, 'Export not found'),
  'export.no-approver': spec(409, 'No approver'),
  'export.requester-needed': spec(409, 'Requester needed'),
  'export.not-awaiting-approval': spec(409, 'Awaits no approval'),
  'export.not-ready': spec(409, 'Export not ready', 'later'),
  'export.gone': spec(410, 'No result any more'),
  'export.unavailable': spec(503, 'No exports at present', 'later'),
  'approval.token-invalid': spec(422, 'Invalid id_token'),
  'approval.other-order': spec(409, 'Other order'),
  'approval.login-too-old': spec(403, 'Login too old'),
  'approval.not-approver': spec(403, 'No approver'),
  'approval.own-order': spec(403, 'Own order'),
  'approval.replayed': spec(409, 'id_token used before'),
  'approval.provider-unavailable': spec(503, 'Identity provider unavailable', 'later'),
  'ledger.not-found': spec(404, 'Ledger not found'),
  'ledger.unavailable': spec(503, 'Ledger unavailable', 'later'),
  'evidence.none': spec(422, 'No evidence found'),
  'evidence.no-bundle': spec(406, 'No bundles here'),
  'evidence.not-sealable': spec(503, 'No seal at present', 'later'),
  'login.not-found': spec(404, 'Login not found'),
  'grant.invalid': spec(400, 'Invalid grant'),
  'grant.pending': spec(400, 'Authorization pending', 'later'),
  'grant.slow-down': spec(400, 'Polled too often', 'later'),
  'grant.expired': spec(400, 'Request expired'),
  'grant.denied': spec(400, 'Access denied'),
  'oauth.invalid-request': spec(400, 'Invalid request'),
  'oauth.unauthorized-client': spec(400, 'Unauthorized client'),
  'oauth.unsupported-grant-type': spec(400, 'Unsupported grant type'),
  'oauth.unsupported-response-type': spec(400, 'Unsupported response type'),
  'oauth.invalid-scope': spec(400, 'Invalid scope'),
  'oauth.invalid-target': spec(400, 'Invalid target'),
  'oauth.invalid-request-uri': spec(400, 'Invalid request_uri'),
  'oauth.invalid-request-object': spec(400, 'Invalid request object'),
  'oauth.unmet-authentication-requirements': spec(400, 'Unmet authentication requirements'),
  'oauth.invalid-binding-message': spec(400, 'Invalid binding_message'),
  'backchannel.not-found': spec(404, 'Backchannel request not found'),
  'backchannel.nothing-to-start': spec(409, 'Nothing to start', 'later'),
  'backchannel.return-differs': spec(422, 'Return differs'),
  'service.key-missing': spec(503, 'Key missing', 'later'),
  'service.unavailable': spec(503, 'Service unavailable', 'later'),
} as const satisfies Record<ErrorCode, ProblemSpec>;

/** An error that no code describes: the client learns the request id and nothing else. */
export const unknownProblem: ProblemSpec = spec(500, 'Internal error', 'later');

/** RFC 9457 §3: a problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode | 'internal';
  readonly requestId: string;
  readonly detail?: string;
  readonly pointer?: string;
  readonly [member: string]: string | number | undefined;
}

/** The page that explains a code: `type` of a problem document, and `error_uri` of an OAuth error. */
export function problemUri(code: Problem['code'], issuer: string): string {
  return `${issuer}/problems/${code}`;
}

/** The row of a code from outside, e.g. in `/problems/{code}`; undefined for an unknown code. */
export function findProblemSpec(code: string): ProblemSpec | undefined {
  if (code === 'internal') return unknownProblem;
  return Object.hasOwn(problems, code) ? problems[code as ErrorCode] : undefined;
}

/**
 * The problem document of an error. The message of an unknown error is never part of it.
 * @see RFC 9457 §3.1
 */
export function problemOf(error: unknown, requestId: string, issuer: string): Problem {
  const domain = toDomainError(error);
  const code = domain?.code ?? 'internal';
  const { status, title } = domain ? problems[domain.code] : unknownProblem;
  return {
    ...domain?.extra,
    type: problemUri(code, issuer),
    title,
    status,
    code,
    requestId,
    ...(domain?.detail === undefined ? {} : { detail: domain.detail }),
    ...(domain?.pointer === undefined ? {} : { pointer: domain.pointer }),
  };
}

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'request.malformed',
  401: 'caller.unauthenticated',
  403: 'caller.forbidden',
  404: 'request.not-found',
  405: 'request.method-not-allowed',
  413: 'request.too-large',
  415: 'request.unsupported-media-type',
  422: 'request.malformed',
  429: 'request.too-many',
  503: 'service.unavailable',
};

/** For filters that answer with a page: notes the error for the request's log line, and sets Retry-After where it belongs. */
export function failPage(
  error: unknown,
  response: Response,
): { readonly domain: DomainError | undefined; readonly status: number } {
  noteError(error);
  const domain = toDomainError(error);
  const { status } = domain ? problems[domain.code] : unknownProblem;
  setRetryAfterByStatus(response, status, domain);
  return { domain, status };
}

/** Translates errors of Nest and Express, whose messages may quote what the client sent. */
export function toDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (isForLater(error)) return new DomainError('service.unavailable', { cause: error });
  const code = codeOfStatus[statusOf(error) ?? 0];
  return code === undefined ? undefined : new DomainError(code, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // Express throws http-errors, which mark those that the client caused by `expose`.
  const foreign = error as { readonly expose?: unknown; readonly status?: unknown } | null | undefined;
  return foreign?.expose === true && typeof foreign.status === 'number' ? foreign.status : undefined;
}
