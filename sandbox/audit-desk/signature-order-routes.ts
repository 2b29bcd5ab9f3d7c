import { notFound, passOn, redirect, show, type Call, type Routes } from '../site/routes.ts';
import { orRefused, withOrderForm } from './ordering.ts';
import { signatureOrderPage } from './signature-order-pages.ts';
import type { SignatureOrder } from './signature-orders.ts';

const NO_ORDER = { sv: 'Beställningen gjordes inte', en: 'Nothing was ordered' };

/** Signatures that one person orders and another one approves. They come before the routes of a payment, whose ids match more. */
export const signatureOrderRoutes: Routes = {
  'POST /auditor/orders': withOrderForm(NO_ORDER, async (call, bank, words) => {
    redirect(call, await call.site.signatureOrders.place(bank, { format: 'folders', ...words }));
  }),
  'GET /auditor/login': orRefused(NO_ORDER, receive),
  'GET /auditor/orders/:id': withOrder(async (call, order) => {
    const { body } = await call.site.signatureOrders.read(order);
    show(call, signatureOrderPage(call.visit, order, body, call.site.links));
  }),
  'POST /auditor/orders/:id': withOrder(async (call, order) => {
    redirect(call, await call.site.signatureOrders.askApprover(order));
  }),
  'GET /auditor/orders/:id/content': withOrder(async (call, order) => {
    await passOn(call, await call.site.signatureOrders.fetch(order));
  }),
};

async function receive(call: Call): Promise<void> {
  const target = await call.site.signatureOrders.receive(call.visit.url);
  if (target === undefined) notFound(call);
  else redirect(call, target);
}

function withOrder(work: (call: Call, order: SignatureOrder) => Promise<void>): Routes[string] {
  return (call) => {
    const order = call.site.signatureOrders.find(call.path['id'] ?? '');
    return order ? work(call, order) : notFound(call);
  };
}
