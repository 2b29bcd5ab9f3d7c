import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Html } from '../src/kernel/web/html.ts';
import type { ShopLogins } from './shop/logins.ts';
import { exampleInvoice, type ShopPayments } from './shop/payments.ts';
import {
  foreignReturnPage,
  invoicePage,
  loginPage,
  messagePage,
  paymentPage,
  shopCss,
  type ShopLinks,
} from './shop/pages.ts';

export interface ShopOptions {
  readonly port: number;
  readonly payments: ShopPayments;
  readonly logins: ShopLogins;
  readonly links: ShopLinks;
}

/** The example shop on loopback, where a newcomer can pay and log in. */
export async function startShop(options: ShopOptions): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, response, options).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      show(response, 502, messagePage('Something went wrong', `The service refused: ${reason}`));
    });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function handle(request: IncomingMessage, response: ServerResponse, options: ShopOptions): Promise<void> {
  const url = new URL(request.url ?? '/', `http://localhost:${options.port}`);
  const { payments, logins, links } = options;
  request.resume();
  if (request.method === 'GET' && url.pathname === '/shop.css') {
    style(response);
    return;
  }
  if (request.method === 'GET' && url.pathname === '/') {
    show(response, 200, invoicePage(links));
    return;
  }
  if (request.method === 'GET' && url.pathname === '/callback') return receive(response, url, options);
  if (request.method === 'GET' && url.pathname.startsWith('/logins/')) {
    showLogin(response, url, logins);
    return;
  }
  if (request.method !== 'POST' && url.pathname.startsWith('/payments/')) return showPayment(response, url, options);
  if (!isOurOwnForm(request, url)) {
    show(response, 404, messagePage('Not found', 'This page does not exist.'));
    return;
  }
  if (url.pathname === '/pay') {
    redirect(response, await payments.start(exampleInvoice));
    return;
  }
  if (url.pathname === '/login') {
    redirect(response, await logins.start());
    return;
  }
  return execute(response, url, payments);
}

async function receive(response: ServerResponse, url: URL, { payments, logins }: ShopOptions): Promise<void> {
  const login = await logins.receive(url);
  if (login) {
    redirect(response, new URL(`/logins/${login.state}`, url));
    return;
  }
  const payment = await payments.receive(url);
  if (!payment) {
    show(response, 200, foreignReturnPage(url.searchParams));
    return;
  }
  redirect(response, new URL(`/payments/${payment.state}`, url));
}

function showLogin(response: ServerResponse, url: URL, logins: ShopLogins): void {
  const login = logins.find(url.pathname.split('/')[2] ?? '');
  if (login) show(response, 200, loginPage(login));
  else show(response, 404, messagePage('Unknown login', 'The shop has been restarted since.'));
}

async function showPayment(response: ServerResponse, url: URL, { payments, links }: ShopOptions): Promise<void> {
  const [, , state = '', file] = url.pathname.split('/');
  const payment = payments.find(state);
  if (!payment) {
    show(response, 404, messagePage('Unknown payment', 'The shop has been restarted since.'));
    return;
  }
  if (file !== 'evidence.zip') {
    show(response, 200, paymentPage(payment, links));
    return;
  }
  const evidence = await payments.findEvidence(payment);
  if (!evidence) {
    show(response, 404, messagePage('No evidence yet', 'The bank has not consumed the consent.'));
    return;
  }
  const headers = { 'content-type': 'application/zip', 'cache-control': 'no-store' };
  response.writeHead(200, { ...headers, 'content-disposition': 'attachment; filename="evidence.zip"' }).end(evidence);
}

async function execute(response: ServerResponse, url: URL, payments: ShopPayments): Promise<void> {
  const payment = payments.find(url.pathname.split('/')[2] ?? '');
  if (!payment) {
    show(response, 404, messagePage('Unknown payment', 'The shop has been restarted since.'));
    return;
  }
  await payments.execute(payment);
  redirect(response, new URL(`/payments/${payment.state}`, url));
}

function isOurOwnForm(request: IncomingMessage, url: URL): boolean {
  return request.method === 'POST' && request.headers.origin === url.origin;
}

function redirect(response: ServerResponse, target: URL): void {
  response.writeHead(303, { location: target.href, 'cache-control': 'no-store' }).end();
}

function style(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(shopCss);
}

function show(response: ServerResponse, status: number, page: Html): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    // No form-action, which would block the redirect to the service; everything else is our own.
    'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  };
  response.writeHead(status, headers).end(page.toString());
}
