import { HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { isForLater } from './database-errors.ts';

/** Retry-After of an error that does not know its own, in seconds. */
export const RETRY_AFTER_SECONDS = '5';

/** Says when to try again, exactly where the error knows it. A header that is set already stays. */
export function setRetryAfter(response: Response, error: DomainError | undefined): void {
  if (response.hasHeader('Retry-After')) return;
  response.setHeader('Retry-After', error?.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
}

/** For answers that are not problem documents: 429 and 503 always say when to try again. */
export function setRetryAfterByStatus(response: Response, status: number, error: DomainError | undefined): void {
  if (status === 429 || status === 503) setRetryAfter(response, error);
}

/** How the HTTP edge answers an error. `retry`: whether the same request may succeed later, or never. */
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

/** One row per code of the closed union; a code without a row does not compile. */
export const problems = {
  'request.malformed': spec(400, 'The request is not what this address takes'),
  'request.too-large': spec(413, 'The request is larger than this address takes'),
  'request.too-slow': spec(408, 'The request did not come in time', 'later'),
  'request.not-found': spec(404, 'There is nothing at this address'),
  'request.method-not-allowed': spec(405, 'This address does not take that method'),
  'request.unsupported-media-type': spec(415, 'This address does not take that media type'),
  'request.too-many': spec(429, 'Too many requests', 'later'),
  'request.idempotency-differs': spec(422, 'Something else was sent under this Idempotency-Key'),
  'request.forged-certificate': spec(400, 'A client certificate in a header comes from configured proxies only'),
  'caller.unauthenticated': spec(401, 'The caller is not authenticated'),
  'caller.forbidden': spec(403, 'The caller may not do this'),
  'caller.purpose-required': spec(400, 'Reading evidence needs a purpose from the closed list'),
  'client.unknown': spec(401, 'No such client'),
  'client.assertion-invalid': spec(401, 'The client assertion is not valid'),
  'client.assertion-replayed': spec(401, 'The client assertion has been used before'),
  'client.certificate-invalid': spec(401, 'The client certificate is not that of the client'),
  'dpop.missing': spec(401, 'A DPoP proof is required'),
  'dpop.invalid': spec(401, 'The DPoP proof is not valid'),
  'dpop.replayed': spec(401, 'The DPoP proof has been used before'),
  'dpop.nonce-required': spec(401, 'The DPoP proof must carry the nonce that we gave', 'later'),
  'initiation.invalid': spec(400, 'The payment initiation is not valid'),
  'consent.not-found': spec(404, 'No such consent'),
  'consent.not-awaiting-authorisation': spec(409, 'The consent is no longer waiting for the payer'),
  'consent.not-authorised': spec(409, 'The consent is not waiting to be consumed'),
  'consent.payment-differs': spec(422, 'The payment is not the one that was consented to'),
  'consent.payer-differs': spec(422, 'The payer is not the person who signed'),
  'consent.token-differs': spec(422, 'The token is not the live token of this consent'),
  'consent.reference-used': spec(409, 'The payment reference belongs to another consent'),
  'consent.reference-body-differs': spec(422, 'The payment reference was used with another body'),
  'consent.not-consumed': spec(409, 'The consent has not been consumed'),
  'consent.execution-reported': spec(409, 'Another outcome of the execution has been reported'),
  'consent.altered': spec(409, 'What is stored of this consent is not what was signed'),
  'consent.attempts-exhausted': spec(409, 'No attempts are left'),
  'consent.too-many-orders': spec(429, 'Too many orders', 'later'),
  'browser.too-late': spec(410, 'The time to begin is over'),
  'browser.not-bound': spec(404, 'There is nothing here for this browser'),
  'order.not-found': spec(404, 'No such order'),
  'order.already-open': spec(409, 'An order is open already', 'later'),
  'bankid.unavailable': spec(503, 'BankID does not answer at present', 'later'),
  'bankid.refused': spec(502, 'BankID refused the order', 'later'),
  'bankid.already-in-progress': spec(409, 'Another BankID order of the same person was under way', 'later'),
  'evidence.not-found': spec(404, 'No such evidence'),
  'evidence.none': spec(422, 'What was sent is no evidence'),
  'grant.invalid': spec(400, 'The grant is not valid'),
  'oauth.invalid-request': spec(400, 'The request is not valid'),
  'oauth.unauthorized-client': spec(400, 'The client may not use this grant'),
  'oauth.unsupported-grant-type': spec(400, 'This grant type is not supported'),
  'oauth.unsupported-response-type': spec(400, 'This response type is not supported'),
  'oauth.invalid-scope': spec(400, 'The scope is not valid'),
  'oauth.invalid-target': spec(400, 'The resource names no bank of this service'),
  'oauth.invalid-request-uri': spec(400, 'The request_uri is not valid'),
  'oauth.invalid-request-object': spec(400, 'The request object is not valid'),
  'service.key-missing': spec(503, 'The service lacks a key and cannot answer at present', 'later'),
  'service.unavailable': spec(503, 'The service cannot answer at present', 'later'),
} as const satisfies Record<ErrorCode, ProblemSpec>;

/** An error that no code describes: the client learns the request id and nothing else. */
export const unknownProblem: ProblemSpec = spec(500, 'Something went wrong on our side', 'later');

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

/** The row of a code that came from outside, e.g. in `/problems/{code}`; undefined for an unknown one. */
export function findProblemSpec(code: string): ProblemSpec | undefined {
  if (code === 'internal') return unknownProblem;
  return Object.hasOwn(problems, code) ? problems[code as ErrorCode] : undefined;
}

/**
 * The document a client may read about an error. Nothing of an unknown error's message gets out.
 * @see RFC 9457 §3.1
 */
export function problemOf(error: unknown, requestId: string, issuer: string): Problem {
  const domain = toDomainError(error);
  const code = domain?.code ?? 'internal';
  const { status, title } = domain ? problems[domain.code] : unknownProblem;
  return {
    ...domain?.extra,
    type: `${issuer}/problems/${code}`,
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

/** Errors of Nest and of express in our own words: their messages may quote what the client sent. */
export function toDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (isForLater(error)) return new DomainError('service.unavailable', { cause: error });
  const code = codeOfStatus[statusOf(error) ?? 0];
  return code === undefined ? undefined : new DomainError(code, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // http-errors, which express throws, mark what the client caused by `expose`.
  const foreign = error as { readonly expose?: unknown; readonly status?: unknown } | null | undefined;
  return foreign?.expose === true && typeof foreign.status === 'number' ? foreign.status : undefined;
}
