import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError } from '../orders/app-error.ts';
import { requestUrl } from '../request-url.ts';
import { readBody } from '../rp/read-body.ts';
import { callApi, type AppContext, type JsonObject } from './app-api.ts';
import { callPage, type Page } from './app-pages.ts';
import { findChoice, textsFor } from './language.ts';
import { errorPage } from './layout.ts';
import type { Texts } from './texts.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Nothing is loaded from elsewhere, and no script runs but the page's own file. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** The pretend BankID app: pages for people, `/api` for programs. Beside it, at `/tsa`, the timestamping authority and its CRL. */
export function serveApp(server: Server, context: AppContext): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void answer(request, response, context));
}

async function answer(request: IncomingMessage, response: ServerResponse, context: AppContext): Promise<void> {
  const url = requestUrl(request.url, 'http://app.invalid');
  const method = request.method ?? 'GET';
  const isApi = url.pathname.startsWith('/api/');
  const texts = textsFor(request.headers);
  try {
    checkSameSite(request);
    const body = await readBody(request, MAX_BODY_BYTES);
    if (!body) throw new AppError(413, 'too-large', 'That is too large.');
    if (url.pathname === '/tsa/crl') await context.tsa.sendCrl(response);
    else if (/^\/tsa($|\/)/.test(url.pathname)) await context.tsa.stamp(request, response, url.pathname, body);
    else if (isApi) sendJson(response, 200, await callApi(context, method, url.pathname, parseJson(body)));
    else {
      const contentType = request.headers['content-type'] ?? '';
      sendPage(
        response,
        findChosen(method, url) ?? (await callPage(context, { method, url, body, contentType, texts })),
      );
    }
  } catch (error) {
    const known = error instanceof AppError ? error : new AppError(500, 'internal', 'The simulator failed.');
    if (isApi) sendJson(response, known.status, { error: known.code, message: known.message });
    else sendPage(response, { status: known.status, html: pageOf(known, texts, url) });
  }
}

/** The language that the link of a page asks for. */
const findChosen = (method: string, url: URL): Page | undefined => (method === 'GET' ? findChoice(url) : undefined);

function pageOf(error: AppError, texts: Texts, url: URL): string {
  const order = /^\/orders\/[^/]+(?=\/)/.exec(url.pathname)?.[0];
  return errorPage(texts, texts.error.byCode[error.code] ?? error.message, order);
}

/** A page of another site must not sign in the user's browser; programs send no such header. */
function checkSameSite(request: IncomingMessage): void {
  if (request.method !== 'GET' && request.headers['sec-fetch-site'] === 'cross-site') {
    throw new AppError(403, 'cross-site', 'Another site may not do this.');
  }
}

function parseJson(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Refused below, with everything else that is not an object.
  }
  throw new AppError(400, 'malformed', 'The body is not a JSON object.');
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendPage(response: ServerResponse, page: Page): void {
  if ('location' in page) {
    const cookie = page.cookie === undefined ? {} : { 'set-cookie': page.cookie };
    response.writeHead(303, { ...securityHeaders, ...cookie, location: page.location });
    response.end();
    return;
  }
  const type = page.type ?? 'text/html; charset=utf-8';
  response.writeHead(page.status ?? 200, { ...securityHeaders, 'content-type': type });
  response.end(page.html);
}
