import { html, type Html } from '../../src/kernel/web/html.ts';
import type { OrderView } from '../order-view.ts';
import { layout } from './layout.ts';

/** Where the payer begins: a code to read, or a screen nearby. */
export function homePage(orders: readonly OrderView[]): string {
  return layout(
    'Start',
    html`<h1>Sign with the pretend app</h1>
      <p class="lead">It shows and signs what the real app would, with a test identity that you choose.</p>
      <section class="card">
        <h2>Screens nearby</h2>
        <p class="quiet">Orders that show a QR code now. Scan one as if you held the phone’s camera to its screen.</p>
        <div id="nearby" aria-live="polite">${nearbyList(orders)}</div>
      </section>
      <section class="card">
        <h2>Paste a code</h2>
        <form method="post" action="/scan">
          <label for="code">Text of a QR frame, an autostart link or its token</label>
          <textarea id="code" name="code" rows="3" required autocomplete="off" spellcheck="false"></textarea>
          <button class="button" type="submit">Open</button>
        </form>
      </section>
      <section class="card">
        <h2>Upload a picture</h2>
        <form method="post" action="/scan-image" enctype="multipart/form-data">
          <label for="picture">A fresh screenshot of the QR code (PNG)</label>
          <input id="picture" name="picture" type="file" accept="image/png" required />
          <button class="button secondary" type="submit">Scan the picture</button>
        </form>
      </section>`,
    '/app.js',
  );
}

/** The orders that wait for an app. */
export function nearbyList(orders: readonly OrderView[]): Html {
  const waiting = orders.filter((order) => order.status === 'pending' && order.startedBy === undefined);
  if (waiting.length === 0) return html`<p class="empty">No screen shows a QR code at the moment.</p>`;
  return html`<ul class="orders">
    ${waiting.slice(0, 20).map(
      (order) =>
        html`<li>
          <div>
            <strong>${order.requestedBy}</strong>
            <span class="quiet">${order.text === '' ? 'Identification' : firstLine(order.text)}</span>
          </div>
          <form method="post" action="/orders/${order.id}/scan">
            <button class="button small" type="submit">Scan</button>
          </form>
        </li>`,
    )}
  </ul>`;
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
