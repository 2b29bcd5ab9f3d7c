import { html, type Html } from '../../src/kernel/web/html.ts';
import type { OrderView } from '../order-view.ts';
import { findPerson, fullName } from '../pki/people.ts';
import { layout } from './layout.ts';
import type { Texts } from './texts.ts';

const MAX_ROWS = 20;

/** Where the payer begins: a code to read, a screen nearby, or an order that waits in the app. */
export function homePage(texts: Texts, orders: readonly OrderView[]): string {
  const { start } = texts;
  return layout(
    texts,
    start.title,
    html`<h1>${start.heading}</h1>
      <p class="lead">${start.lead}</p>
      <section class="card">
        <h2>${start.screens}</h2>
        <p class="quiet">${start.screensHint}</p>
        <div data-refresh="/nearby" aria-live="polite">${nearbyList(texts, orders)}</div>
      </section>
      <section class="card">
        <h2>${start.waiting}</h2>
        <p class="quiet">${start.waitingHint}</p>
        <div data-refresh="/waiting" aria-live="polite">${waitingList(texts, orders)}</div>
      </section>
      <section class="card">
        <h2>${start.paste}</h2>
        <form method="post" action="/scan">
          <label for="code">${start.pasteLabel}</label>
          <textarea id="code" name="code" rows="3" required autocomplete="off" spellcheck="false"></textarea>
          <button class="button" type="submit">${start.open}</button>
        </form>
      </section>
      <section class="card">
        <h2>${start.upload}</h2>
        <form method="post" action="/scan-image" enctype="multipart/form-data">
          <label for="picture">${start.uploadLabel}</label>
          <input id="picture" name="picture" type="file" accept="image/png" required />
          <button class="button secondary" type="submit">${start.scanPicture}</button>
        </form>
      </section>`,
    '/app.js',
  );
}

/** The orders whose QR code can be scanned. */
export function nearbyList(texts: Texts, orders: readonly OrderView[]): Html {
  const onScreens = orders.filter((order) => isPending(order) && !isOpened(order) && !isPhone(order));
  return list(onScreens, texts.start.noScreens, (order) =>
    row(
      order,
      order.text === '' ? texts.kinds[order.function].short : firstLine(order.text),
      html`<form method="post" action="/orders/${order.id}/scan">
        <button class="button small" type="submit">${texts.start.scan}</button>
      </form>`,
    ),
  );
}

/** The orders of phone calls, and those that are open in the app. */
export function waitingList(texts: Texts, orders: readonly OrderView[]): Html {
  const waiting = orders.filter((order) => isPending(order) && (isOpened(order) || isPhone(order)));
  return list(waiting, texts.start.nothingWaits, (order) =>
    row(
      order,
      `${texts.kinds[order.function].short}, ${texts.waitsFor[order.asks ?? 'opening']}`,
      isOpened(order)
        ? html`<a class="button small" href="/orders/${order.id}">${texts.start.goOn}</a>`
        : openAs(texts, order),
    ),
  );
}

/** The person of a phone order opens the app. */
export function openAs(texts: Texts, { requiredPersonalNumber = '' }: OrderView): Html {
  return html`<form method="post" action="/people/${requiredPersonalNumber}/open">
    <button class="button small" type="submit">
      ${texts.start.openAs(fullName(findPerson(requiredPersonalNumber, undefined)))}
    </button>
  </form>`;
}

const isPending = (order: OrderView): boolean => order.status === 'pending';
const isOpened = (order: OrderView): boolean => order.startedBy !== undefined;
const isPhone = (order: OrderView): boolean => order.callInitiator !== undefined;

function list(orders: readonly OrderView[], empty: string, item: (order: OrderView) => Html): Html {
  if (orders.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<ul class="orders">
    ${orders.slice(0, MAX_ROWS).map(item)}
  </ul>`;
}

function row(order: OrderView, description: string, action: Html): Html {
  return html`<li>
    <div>
      <strong>${order.requestedBy}</strong>
      <span class="quiet">${description}</span>
    </div>
    ${action}
  </li>`;
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
