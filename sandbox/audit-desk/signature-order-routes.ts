import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { messagePage } from '../site/frame.ts';
import { notFound, redirect, show, type Call, type Routes } from '../site/routes.ts';
import { signatureOrderPage } from './signature-order-pages.ts';
import { OrderRefused, type SignatureOrder } from './signature-orders.ts';

/** Signatures that one person orders and another one approves. They come before the routes of a payment, whose ids match more. */
export const signatureOrderRoutes: Routes = {
  'POST /auditor/orders': (call) => orRefused(call, place),
  'GET /auditor/login': (call) => orRefused(call, receive),
  'GET /auditor/orders/:id': withOrder(async (call, order) => {
    const { body } = await call.site.signatureOrders.read(order);
    show(call, signatureOrderPage(call.visit, order, body, call.site.links));
  }),
  'POST /auditor/orders/:id': withOrder(async (call, order) => {
    redirect(call, await call.site.signatureOrders.askApprover(order));
  }),
  'GET /auditor/orders/:id/content': withOrder(async ({ site, response }, order) => {
    const { status, headers, body } = await site.signatureOrders.fetch(order);
    response.writeHead(status, {
      'content-type': headers.get('content-type') ?? 'application/octet-stream',
      'cache-control': 'no-store',
      'content-disposition': headers.get('content-disposition') ?? 'attachment',
      'x-content-type-options': 'nosniff',
    });
    await pipeline(body as ReadableStream<Uint8Array>, response);
  }),
};

async function place(call: Call): Promise<void> {
  const { form, site } = call;
  const word = (name: string): string => form.get(name) ?? '';
  const bank = site.parties.banks.find(({ id }) => id === word('bank'));
  if (!bank) {
    notFound(call);
    return;
  }
  const period = { from: `${word('from')}T00:00:00Z`, to: new Date().toISOString() };
  const words = { format: 'folders', ...period, purpose: word('purpose'), caseReference: word('caseReference') };
  redirect(call, await site.signatureOrders.place(bank, words));
}

async function receive(call: Call): Promise<void> {
  const target = await call.site.signatureOrders.receive(call.visit.url);
  if (target === undefined) notFound(call);
  else redirect(call, target);
}

async function orRefused(call: Call, work: (call: Call) => Promise<void>): Promise<void> {
  try {
    await work(call);
  } catch (error) {
    if (!(error instanceof OrderRefused)) throw error;
    const title = call.visit.t('Beställningen gjordes inte', 'Nothing was ordered');
    show(call, messagePage(call.visit, title, error.message), 400);
  }
}

function withOrder(work: (call: Call, order: SignatureOrder) => Promise<void>): Routes[string] {
  return (call) => {
    const order = call.site.signatureOrders.find(call.path['id'] ?? '');
    return order ? work(call, order) : notFound(call);
  };
}
