import { html, type Html } from '../../src/kernel/web/html.ts';
import type { OrderView } from '../order-view.ts';
import { findPerson, fullName } from '../pki/people.ts';
import type { PlannedScenarios } from '../scenarios/scenario-plan.ts';
import { layout } from './layout.ts';
import { plannedScenarios } from './scenarios-page.ts';
import { roundAge, summarise } from './summary.ts';
import type { Texts } from './texts.ts';

const MAX_ROWS = 20;

/** Where the payer begins: a code to read, a screen nearby, or an order that waits in the app. */
export function homePage(texts: Texts, orders: readonly OrderView[], now: Date, planned: PlannedScenarios): string {
  const { start, scenarios } = texts;
  return layout(
    texts,
    start.title,
    html`<h1>${start.heading}</h1>
      <p class="lead">${start.lead}</p>
      ${plannedScenarios(texts, planned)}
      <section class="card">
        <h2>${start.screens} ${count(onScreens(orders))}</h2>
        <p class="quiet">${start.screensHint}</p>
        <div data-refresh="/nearby">${nearbyList(texts, orders, now)}</div>
      </section>
      <section class="card">
        <h2>${start.waiting} ${count(inTheApp(orders))}</h2>
        <p class="quiet">${start.waitingHint}</p>
        <div data-refresh="/waiting">${waitingList(texts, orders, now)}</div>
      </section>
      <section class="card">
        <h2>${scenarios.title}</h2>
        <p class="quiet">${scenarios.invitation}</p>
        <a class="button secondary" href="/scenarios">${scenarios.title}</a>
      </section>
      ${codeForms(texts)}`,
    '/app.js',
  );
}

/** For a code that is at hand as text or as a picture. */
function codeForms({ start }: Texts): Html {
  return html`<section class="card">
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
    </section>`;
}

/** Read aloud when it changes, which the list with its ages is not. app.js keeps it right. */
function count(shown: readonly OrderView[]): Html {
  return html`<span class="count" role="status">${Math.min(shown.length, MAX_ROWS)}</span>`;
}

/** The orders whose QR code can be scanned. */
export function nearbyList(texts: Texts, orders: readonly OrderView[], now: Date): Html {
  return list(onScreens(orders), texts.start.noScreens, (order) =>
    row(
      texts,
      order,
      now,
      texts.kinds[order.function].short,
      html`<form method="post" action="/orders/${order.id}/scan">
        <button class="button small" type="submit">${texts.start.scan}</button>
      </form>`,
    ),
  );
}

/** The orders of phone calls, and those that are open in the app. */
export function waitingList(texts: Texts, orders: readonly OrderView[], now: Date): Html {
  return list(inTheApp(orders), texts.start.nothingWaits, (order) =>
    row(
      texts,
      order,
      now,
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

const onScreens = (orders: readonly OrderView[]): readonly OrderView[] =>
  orders.filter((order) => isPending(order) && !isOpened(order) && !isPhone(order));
const inTheApp = (orders: readonly OrderView[]): readonly OrderView[] =>
  orders.filter((order) => isPending(order) && (isOpened(order) || isPhone(order)));

function list(orders: readonly OrderView[], empty: string, item: (order: OrderView) => Html): Html {
  if (orders.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<ul class="orders">
    ${orders.slice(0, MAX_ROWS).map(item)}
  </ul>`;
}

/** What it is about; what it is and what it waits for; who asks, and since when. */
function row(texts: Texts, order: OrderView, now: Date, kind: string, action: Html): Html {
  const about = summarise(order.text);
  const age = roundAge((now.getTime() - Date.parse(order.placedAt)) / 1000);
  return html`<li>
    <div>
      <strong>${about.length === 0 ? texts.kinds[order.function].short : aboutLines(about)}</strong>
      <span class="quiet">${kind}</span>
      <span class="quiet">${texts.start.askedBy(order.requestedBy, texts.start.age(age))}</span>
    </div>
    ${action}
  </li>`;
}

const AMOUNT = /^[\d\s.,]+ [A-Z]{3}$/;

/** An amount is never broken over two lines. */
const aboutLines = (lines: readonly string[]): readonly Html[] =>
  lines.map((line) => html`<span class="${AMOUNT.test(line) ? 'about amount' : 'about'}">${line}</span>`);
