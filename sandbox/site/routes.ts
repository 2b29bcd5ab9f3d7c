import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Html } from '../../src/kernel/web/html.ts';
import type { AuditDesk } from '../audit-desk/desk.ts';
import type { SignatureOrders } from '../audit-desk/signature-orders.ts';
import type { BankDesk } from '../bank-desk/desk.ts';
import type { BankProviders } from '../identity/bank-providers.ts';
import type { ShopLogins } from '../shop/logins.ts';
import type { ShopPayments, SignedPayment } from '../shop/payments.ts';
import { messagePage, type Visit } from './frame.ts';
import type { SiteLinks } from './front-page.ts';
import type { SiteParties } from './parties.ts';
import type { Recorder } from './recorder.ts';

/** What stands behind the pages. */
export interface Site {
  readonly parties: SiteParties;
  readonly recorder: Recorder;
  readonly payments: ShopPayments;
  readonly logins: ShopLogins;
  readonly bankDesk: BankDesk;
  readonly auditDesk: AuditDesk;
  readonly signatureOrders: SignatureOrders;
  readonly identity: BankProviders;
  readonly links: SiteLinks;
  /** Fetches from the service on this machine, also if only a test suite resolves its name. */
  readonly reach: (url: string) => Promise<Response>;
}

/** One request. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly visit: Visit;
  readonly site: Site;
  /** The form that was sent; empty for a GET. */
  readonly form: URLSearchParams;
  /** What stands in the path in the place of each `:name`. */
  readonly path: Readonly<Record<string, string>>;
}

/** By method and path: `GET /payments/:id`. */
export type Routes = Readonly<Record<string, (call: Call) => Promise<void> | void>>;

export function show({ response }: Pick<Call, 'response'>, page: Html, status = 200): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    // No form-action, which would block the redirect to the service; everything else is our own.
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  };
  response.writeHead(status, headers).end(page.toString());
}

export function redirect({ response, visit }: Call, target: URL | string): void {
  response.writeHead(303, { location: new URL(target, visit.url).href, 'cache-control': 'no-store' }).end();
}

/** A file to keep. */
export function download({ response }: Call, name: string, type: string, content: Uint8Array): void {
  const headers = {
    'content-type': type,
    'cache-control': 'no-store',
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
  };
  response.writeHead(200, headers).end(content);
}

/** A file of the service, as it answers with it. */
export async function passOn({ response }: Call, { status, headers, body }: Response): Promise<void> {
  response.writeHead(status, {
    'content-type': headers.get('content-type') ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'content-disposition': headers.get('content-disposition') ?? 'attachment',
    'x-content-type-options': 'nosniff',
  });
  await pipeline(body as ReadableStream<Uint8Array>, response);
}

export function notFound(call: Call): void {
  const { t } = call.visit;
  const text = t(
    'Sidan finns inte, eller så har sandlådan startats om.',
    'There is no such page, or the sandbox was restarted.',
  );
  show(call, messagePage(call.visit, t('Finns inte', 'Not found'), text), 404);
}

/** Does something with the signed payment that the path names. */
export function withSigned(work: (call: Call, payment: SignedPayment) => Promise<void> | void): Routes[string] {
  return (call) => {
    const payment = call.site.payments.findSigned(call.path['id'] ?? '');
    return payment ? work(call, payment) : notFound(call);
  };
}
