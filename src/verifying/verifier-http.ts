import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '../kernel/clock.ts';
import type { Environment } from '../kernel/environment.ts';
import { DomainError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { findProblemSpec, problemOf, RETRY_AFTER_SECONDS } from '../platform/problems.ts';
import { maskReport, type Report } from '../verification/report.ts';
import { incomingUpload, verdictForm } from './incoming-upload.ts';
import { verifyCss, verifyJs, verifyPage } from './page/verify-page.ts';
import { PURPOSE_HEADER, parseReadingPurpose } from './purpose.ts';
import { formatReport } from './report-text.ts';
import type { UploadVerifier } from './upload-verifier.ts';
import { uploadDigest } from './verdict.ts';
import { languages } from './words.ts';

/** What the routes of a verifier without a database stand on. */
export interface VerifierRoutes {
  readonly environment: Environment;
  readonly verifier: UploadVerifier;
  readonly clock: Clock;
  /** Undefined: verdicts are not signed here. */
  readonly signVerdict: ((report: Report, upload: Uint8Array, at: Date) => Promise<string>) | undefined;
  readonly jwks: () => JSONWebKeySet;
  /** Who calls, as far as that was proven. */
  readonly callerOf: (request: IncomingMessage) => string;
  /** The audit line: before it is written, nothing is answered. */
  readonly audit: (line: JsonObject) => void;
  readonly failed: (error: unknown, requestId: string) => void;
}

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The paths of the page alone, for a server that has other routes beside it. */
export function isPagePath(url: string | undefined): boolean {
  return /^\/verify(?:\/verify\.(?:css|js))?(?:\?|$)/.test(url ?? '');
}

/** Answers one request; never throws. */
export async function handleVerifier(
  routes: VerifierRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  setHeaders(response);
  try {
    await route(routes, request, response);
  } catch (error) {
    sendProblem(routes, response, error);
  }
}

async function route(routes: VerifierRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (request.method === 'POST' && (path === '/evidence/verify' || path === '/verify')) {
    return verify(routes, request, response);
  }
  if (path === '/evidence/verify') throw new DomainError('request.method-not-allowed');
  const body = isRead ? readable(routes, path) : undefined;
  if (!body) throw new DomainError('request.not-found');
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  send(response, 200, ...body);
}

function readable(
  { environment, jwks }: VerifierRoutes,
  path: string,
): readonly [type: string, body: string] | undefined {
  switch (path) {
    case '/verify':
      return ['text/html; charset=utf-8', verifyPage(environment).toString()];
    case '/verify/verify.css':
      return ['text/css; charset=utf-8', verifyCss];
    case '/verify/verify.js':
      return ['text/javascript; charset=utf-8', verifyJs];
    case '/jwks':
      return ['application/jwk-set+json', JSON.stringify(jwks())];
    case '/health/live':
      return ['application/json', '{"status":"ok"}'];
    default:
      return undefined;
  }
}

async function verify(routes: VerifierRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  refuseOtherSites(request);
  const caller = routes.callerOf(request);
  const purpose = parseReadingPurpose(request.headers[PURPOSE_HEADER.toLowerCase()]);
  const form = verdictForm(request);
  if (form === 'application/jose' && !routes.signVerdict) {
    throw new DomainError('request.malformed', { detail: 'This verifier has no key to sign verdicts with.' });
  }
  const at = routes.clock.now();
  const { report, bytes } = await routes.verifier.verify(incomingUpload(request), at);
  const { indication, subIndication } = report;
  routes.audit({ caller, purpose, sha256: uploadDigest(bytes), indication, subIndication });
  if (form === 'application/jose' && routes.signVerdict) {
    send(response, 200, form, await routes.signVerdict(report, bytes, at));
  } else if (/^text\/plain\b/i.test(request.headers.accept ?? '')) {
    send(response, 200, 'text/plain; charset=utf-8', formatReport(maskReport(report), wordsOf(request)));
  } else send(response, 200, 'application/json; charset=utf-8', JSON.stringify(report));
}

/** A page of somebody else must not use this machine, or its user's certificate, as its verifier. */
function refuseOtherSites(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new DomainError('caller.forbidden');
}

function wordsOf(request: IncomingMessage): (typeof languages)[keyof typeof languages] {
  return /^sv\b/i.test(request.headers['accept-language'] ?? '') ? languages.sv : languages.en;
}

function setHeaders(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

/** @see RFC 9457 */
function sendProblem(routes: VerifierRoutes, response: ServerResponse, error: unknown): void {
  const requestId = randomUUID();
  const problem = problemOf(error, requestId, '');
  if (problem.status >= 500) routes.failed(error, requestId);
  if (findProblemSpec(problem.code)?.retry === 'later') response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  // What is left of the body is not waited for.
  response.setHeader('Connection', 'close');
  send(response, problem.status, 'application/problem+json', JSON.stringify(problem));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
