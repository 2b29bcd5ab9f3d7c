import { html, type Html } from '../../src/kernel/web/html.ts';
import type { OrderView } from '../order-view.ts';
import { fullName, people } from '../pki/people.ts';
import { openAs } from './home-page.ts';
import { layout } from './layout.ts';
import { scenarioOfOrder } from './scenarios-page.ts';
import type { Texts } from './texts.ts';

/** What the payer sees: who asks and for what, one question after the other, the text; afterwards how it ended. */
export function orderPage(texts: Texts, order: OrderView): string {
  const kind = texts.kinds[order.function];
  switch (order.status) {
    case 'pending':
      return layout(texts, kind.button, pending(texts, order));
    case 'complete':
      return layout(texts, kind.done, done(texts, order));
    case 'failed':
    case 'cancelled':
      return layout(texts, texts.end.title, ended(texts, order));
  }
}

function pending(texts: Texts, order: OrderView): Html {
  switch (order.asks) {
    case undefined:
      return notOpened(texts, order);
    case 'call':
      return callQuestion(texts, order);
    case 'document':
      return documentQuestion(texts, order);
    case 'signature':
      return signing(texts, order);
  }
}

function notOpened(texts: Texts, order: OrderView): Html {
  const words = texts.notOpened;
  if (order.callInitiator !== undefined) {
    return html`<section class="card">
      <h1>${words.heading}</h1>
      <p>${words.phone(order.requestedBy)}</p>
      ${openAs(texts, order)}
    </section>`;
  }
  return html`<section class="card">
    <h1>${words.heading}</h1>
    <p>${words.screen(order.requestedBy)}</p>
    <form method="post" action="/orders/${order.id}/scan">
      <button class="button wide" type="submit">${words.scan}</button>
    </form>
  </section>`;
}

/** The real app asks before it shows what is to be signed. */
function callQuestion(texts: Texts, order: OrderView): Html {
  const { call, kinds } = texts;
  return html`<section class="card sheet">
    <p class="quiet">${kinds[order.function].short}</p>
    <h1>${call.question(order.requestedBy)}</h1>
    <p>${call.calledBy[order.callInitiator ?? 'user'](order.requestedBy)}</p>
    <p>${call.warning}</p>
    <form method="post" action="/orders/${order.id}/call">
      <button class="button wide" type="submit" name="inCall" value="yes">${call.yes}</button>
      <button class="button secondary wide" type="submit" name="inCall" value="no">${call.no}</button>
    </form>
    ${scenarioOfOrder(texts, order)}
  </section>`;
}

function documentQuestion(texts: Texts, order: OrderView): Html {
  const { document } = texts;
  return html`<section class="card sheet">
    <p class="quiet">${texts.kinds[order.function].headline(order.requestedBy)}</p>
    <h1>${document.heading}</h1>
    <p>${document.wants(order.requestedBy)}</p>
    <form method="post" action="/orders/${order.id}/document">
      <button class="button wide" type="submit">${document.read}</button>
      <button class="button secondary wide" type="submit" name="failure" value="mrtdVerificationFailed">
        ${document.notVerified}
      </button>
      <button class="button secondary wide" type="submit" name="failure" value="nfcNotSupportedByDevice">
        ${document.notReadable}
      </button>
    </form>
    ${cancelForm(texts, order)}
  </section>`;
}

function signing(texts: Texts, order: OrderView): Html {
  const { sheet, openedBy } = texts;
  const kind = texts.kinds[order.function];
  const required = order.requiredPersonalNumber;
  return html`<section class="card sheet">
    <p class="quiet">${openedBy[order.startedBy ?? 'qr']}</p>
    <h1>${kind.headline(order.requestedBy)}</h1>
    <p>${kind.wants(order.requestedBy)}</p>
    ${order.text === '' ? undefined : visibleText(texts, order)}
    <form method="post" action="/orders/${order.id}/sign">
      <fieldset>
        <legend>${sheet.whose}</legend>
        ${people.map((person) => personChoice(person, required))}
        ${required === undefined ? otherPerson(texts) : requiredPerson(texts, required)}
      </fieldset>
      ${order.pinCode ? securityCode(texts) : undefined}
      <button class="button wide" type="submit">${kind.button}</button>
    </form>
    ${cancelForm(texts, order)} ${scenarioOfOrder(texts, order)}
  </section>`;
}

function cancelForm({ sheet }: Texts, order: OrderView): Html {
  return html`<form method="post" action="/orders/${order.id}/cancel">
    <button class="button secondary wide" type="submit">${sheet.cancel}</button>
  </form>`;
}

function visibleText({ kinds, sheet }: Texts, order: OrderView): Html {
  const note = order.format === 'simpleMarkdownV1' ? html`<p class="quiet">${sheet.markdown}</p>` : undefined;
  const label = kinds[order.function].textLabel;
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

function otherPerson({ sheet }: Texts): Html {
  return html`<details>
    <summary>${sheet.otherPerson}</summary>
    <label for="otherNumber">${sheet.otherNumber}</label>
    <input id="otherNumber" name="otherNumber" inputmode="numeric" pattern="[0-9]{12}" autocomplete="off" />
    <label for="otherName">${sheet.otherName}</label>
    <input id="otherName" name="otherName" autocomplete="off" />
  </details>`;
}

function requiredPerson({ sheet }: Texts, personalNumber: string): Html {
  const isKnown = people.some((person) => person.personalNumber === personalNumber);
  return html`${isKnown ? undefined : html`<input type="hidden" name="otherNumber" value="${personalNumber}" />`}
    <p class="quiet">${sheet.onlyFor(personalNumber)}</p>`;
}

function securityCode({ sheet }: Texts): Html {
  return html`<label for="securityCode">${sheet.securityCode}</label>
    <input
      id="securityCode"
      name="securityCode"
      inputmode="numeric"
      pattern="[0-9]{6}"
      required
      autocomplete="off"
      aria-describedby="securityCodeHint"
    />
    <p class="quiet" id="securityCodeHint">${sheet.securityCodeHint}</p>`;
}

function done(texts: Texts, order: OrderView): Html {
  const kind = texts.kinds[order.function];
  return html`<section class="card">
    <p class="result good" aria-hidden="true">✓</p>
    <h1>${kind.done}</h1>
    <p>${kind.doneFor(order.requestedBy)}</p>
    <p>${wayOn(texts, order)}</p>
    <p><a href="/">${texts.end.toStart}</a></p>
  </section>`;
}

function wayOn({ end, call }: Texts, { returnUrl, callInitiator }: OrderView): Html {
  if (callInitiator !== undefined) return html`${call.goOn}`;
  if (returnUrl === undefined) return html`${end.otherScreen}`;
  return html`<a class="button wide" href="${safeUrl(returnUrl)}">${end.back}</a>`;
}

function ended({ kinds, end }: Texts, { function: kind, hintCode }: OrderView): Html {
  return html`<section class="card">
    <p class="result" aria-hidden="true">–</p>
    <h1>${kinds[kind].notDone}</h1>
    <p>${end.byHint[hintCode ?? ''] ?? end.other(hintCode)}</p>
    <p><a class="button secondary wide" href="/">${end.toStart}</a></p>
  </section>`;
}

/** The app follows http and https links only. */
function safeUrl(url: string): string {
  return /^https?:\/\//i.test(url) ? url : '/';
}
