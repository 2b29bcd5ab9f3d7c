import { readFileSync } from 'node:fs';
import { AppError } from '../orders/app-error.ts';
import type { Order } from '../orders/order.ts';
import type { AppContext } from './app-api.ts';
import { asScenario, autoStartToken, decodeSegment } from './app-api.ts';
import { homePage, nearbyList, waitingList } from './home-page.ts';
import { orderPage } from './order-page.ts';
import { readQrImage } from './qr-image.ts';
import { scenariosPage } from './scenarios-page.ts';
import type { Texts } from './texts.ts';
import { viewOrder } from './view-order.ts';

export type Page =
  | { readonly location: string; readonly cookie?: string }
  | { readonly html: string; readonly status?: number; readonly type?: string };

export interface PageRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer;
  readonly contentType: string;
  readonly texts: Texts;
}

const styleSheet = readFileSync(new URL('style.css', import.meta.url), 'utf8');
const appScript = readFileSync(new URL('app.js', import.meta.url), 'utf8');

type Handler = (context: AppContext, request: PageRequest, id: string) => Page | Promise<Page>;

const toOrder = (order: Order): Page => ({ location: `/orders/${order.orderRef}` });

const routes: Readonly<Record<string, Handler>> = {
  'GET /': ({ orders, time, scenarios }, { url, texts }) => {
    const token = url.searchParams.get('autostarttoken');
    return token === null
      ? { html: homePage(texts, orders.list().map(viewOrder), time.wall(), scenarios.waiting()) }
      : toOrder(openAgain(orders, token) ?? orders.open(token));
  },
  'GET /nearby': ({ orders, time }, { texts }) => ({
    html: nearbyList(texts, orders.list().map(viewOrder), time.wall()).toString(),
  }),
  'GET /waiting': ({ orders, time }, { texts }) => ({
    html: waitingList(texts, orders.list().map(viewOrder), time.wall()).toString(),
  }),
  'POST /scan': ({ orders }, request) => {
    const text = field(request, 'code').trim();
    return toOrder(text.startsWith('bankid.') ? orders.scan(text) : orders.open(autoStartToken(text)));
  },
  'POST /scan-image': ({ orders }, request) => toOrder(orders.scan(readQrImage(request.body, request.contentType))),
  'GET /orders/:id': ({ orders }, { texts }, id) => ({ html: orderPage(texts, viewOrder(orders.get(id))) }),
  'POST /people/:id/open': ({ orders }, _, id) => toOrder(orders.openFor(id)),
  'POST /orders/:id/scan': ({ orders }, _, id) => toOrder(orders.scanScreen(id)),
  'POST /orders/:id/call': ({ orders }, request, id) =>
    toOrder(orders.answerCall(id, field(request, 'inCall') === 'yes')),
  'POST /orders/:id/document': ({ orders }, request, id) => {
    const failure = field(request, 'failure');
    return toOrder(failure === '' ? orders.readDocument(id) : orders.fail(id, failure));
  },
  'POST /orders/:id/sign': async ({ orders }, request, id) => {
    const other = field(request, 'otherNumber').trim();
    const personalNumber = other === '' ? field(request, 'person') : other;
    const name = field(request, 'otherName').trim();
    const signer = {
      personalNumber,
      name: other === '' || name === '' ? undefined : name,
      securityCode: field(request, 'securityCode') || undefined,
    };
    return toOrder(await orders.sign(id, signer));
  },
  'POST /orders/:id/cancel': ({ orders }, _, id) => toOrder(orders.fail(id, 'userCancel')),
  'GET /scenarios': ({ scenarios }, { texts }) => ({ html: scenariosPage(texts, scenarios.waiting()) }),
  'POST /scenarios': ({ scenarios }, request) => {
    const person = field(request, 'person');
    const scenario = asScenario(field(request, 'scenario'));
    if (person === '') scenarios.planNext(scenario);
    else scenarios.planFor(person, scenario);
    return { location: scenario ? '/' : '/scenarios' };
  },
  'POST /orders/:id/scenario': ({ orders }, request, id) =>
    toOrder(orders.setScenario(id, asScenario(field(request, 'scenario')))),
  'GET /style.css': () => ({ html: styleSheet, type: 'text/css; charset=utf-8' }),
  'GET /app.js': () => ({ html: appScript, type: 'text/javascript; charset=utf-8' }),
};

/** Answers one request for a page. @throws AppError */
export async function callPage(context: AppContext, request: PageRequest): Promise<Page> {
  const [, first = '', id, action] = request.url.pathname.split('/');
  const pattern = [first, ...(id === undefined ? [] : [':id']), ...(action === undefined ? [] : [action])];
  const key = `${request.method} /${pattern.join('/')}`;
  const handler = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (!handler) throw new AppError(404, 'not-found', 'There is no such page.');
  return handler(context, request, decodeSegment(id ?? ''));
}

/** A launch link that is followed twice, or reloaded, leads to the order that it has opened. */
function openAgain(orders: AppContext['orders'], token: string): Order | undefined {
  return orders.list().find((order) => order.tokens?.autoStartToken === token && order.startedBy === 'autostart');
}

function field(request: PageRequest, name: string): string {
  return new URLSearchParams(request.body.toString('utf8')).get(name) ?? '';
}
