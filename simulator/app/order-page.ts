import { html, type Html } from '../../src/kernel/web/html.ts';
import type { OrderView } from '../order-view.ts';
import { fullName, people } from '../pki/people.ts';
import { layout } from './layout.ts';

/** What the payer sees: who asks, the text, who signs; afterwards how it ended. */
export function orderPage(order: OrderView): string {
  switch (order.status) {
    case 'pending':
      return layout(
        isSigning(order) ? 'Sign' : 'Identify',
        order.startedBy === undefined ? notOpened(order) : signing(order),
      );
    case 'complete':
      return layout(isSigning(order) ? 'Signed' : 'Identified', signed(order));
    case 'failed':
    case 'cancelled':
      return layout('Ended', ended(order));
  }
}

const isSigning = (order: OrderView): boolean => order.function === 'Signing';

function signing(order: OrderView): Html {
  return html`<section class="card sheet">
    <p class="quiet">${order.startedBy === 'qr' ? 'QR code scanned' : 'Opened on this device'}</p>
    <h1>${order.requestedBy}</h1>
    <p>${isSigning(order) ? 'wants you to sign the following text.' : 'wants to know who you are.'}</p>
    ${order.text === '' ? undefined : visibleText(order)}
    <form method="post" action="/orders/${order.id}/sign">
      <fieldset>
        <legend>Whose BankID?</legend>
        ${people.map((person) => personChoice(person, order.requiredPersonalNumber))}
        ${order.requiredPersonalNumber === undefined ? otherPerson() : requiredPerson(order.requiredPersonalNumber)}
      </fieldset>
      <button class="button wide" type="submit">${isSigning(order) ? 'Sign' : 'Identify'}</button>
    </form>
    <form method="post" action="/orders/${order.id}/cancel">
      <button class="button secondary wide" type="submit">Cancel</button>
    </form>
  </section>`;
}

function visibleText(order: OrderView): Html {
  const note =
    order.format === 'simpleMarkdownV1' ? html`<p class="quiet">Markdown, shown as its source.</p>` : undefined;
  const label = isSigning(order) ? 'The text to sign' : 'What it is about';
  // No line break may stand between the tag and the text, whose every character is shown.
  return html`<div class="text" tabindex="0" aria-label="${label}">${order.text}</div>
    ${note}`;
}

function personChoice(person: (typeof people)[number], required: string | undefined): Html {
  const chosen = required ?? people[0]?.personalNumber;
  const checked = person.personalNumber === chosen ? html` checked` : undefined;
  return html`<label class="choice">
    <input type="radio" name="person" value="${person.personalNumber}" ${checked} />
    <span>${fullName(person)} <span class="quiet">${person.personalNumber}</span></span>
  </label>`;
}

function otherPerson(): Html {
  return html`<details>
    <summary>Another person</summary>
    <label for="otherNumber">Test personal number, 12 digits</label>
    <input id="otherNumber" name="otherNumber" inputmode="numeric" pattern="[0-9]{12}" autocomplete="off" />
    <label for="otherName">Name</label>
    <input id="otherName" name="otherName" autocomplete="off" />
  </details>`;
}

function requiredPerson(personalNumber: string): Html {
  const isKnown = people.some((person) => person.personalNumber === personalNumber);
  return html`${isKnown ? undefined : html`<input type="hidden" name="otherNumber" value="${personalNumber}" />`}
    <p class="quiet">This order is for ${personalNumber} only.</p>`;
}

function notOpened(order: OrderView): Html {
  return html`<section class="card">
    <h1>Not opened yet</h1>
    <p>${order.requestedBy} is waiting for its QR code to be scanned.</p>
    <form method="post" action="/orders/${order.id}/scan">
      <button class="button wide" type="submit">Scan it</button>
    </form>
  </section>`;
}

function signed(order: OrderView): Html {
  const back =
    order.returnUrl === undefined
      ? html`<p>Continue on the screen where you scanned the QR code.</p>`
      : html`<p><a class="button wide" href="${safeUrl(order.returnUrl)}">Back to where you came from</a></p>`;
  return html`<section class="card">
    <p class="result good" aria-hidden="true">✓</p>
    <h1>${isSigning(order) ? 'Signed' : 'Identified'}</h1>
    <p>
      ${isSigning(order) ? `The text for ${order.requestedBy} is signed.` : `${order.requestedBy} knows who you are.`}
    </p>
    ${back}
    <p><a href="/">Start</a></p>
  </section>`;
}

function ended(order: OrderView): Html {
  return html`<section class="card">
    <p class="result" aria-hidden="true">–</p>
    <h1>${isSigning(order) ? 'Nothing was signed' : 'You were not identified'}</h1>
    <p>${endings[order.hintCode ?? ''] ?? `The order has ended (${order.hintCode ?? 'cancelled by the service'}).`}</p>
    <p><a class="button secondary wide" href="/">Start</a></p>
  </section>`;
}

const endings: Readonly<Record<string, string>> = {
  userCancel: 'You cancelled.',
  startFailed: 'The order was not opened within 30 seconds.',
  expiredTransaction: 'Time ran out.',
  cancelled: 'Another order was placed for the same person, and both were cancelled.',
};

/** The app follows http and https links only. */
function safeUrl(url: string): string {
  return /^https?:\/\//i.test(url) ? url : '/';
}
