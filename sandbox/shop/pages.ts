import { readFileSync } from 'node:fs';
import { html, type Html } from '../../src/kernel/web/html.ts';
import type { ShopLogin } from './logins.ts';
import type { ShopPayment } from './payments.ts';

export interface ShopLinks {
  readonly appUrl: string;
  readonly issuer: string;
}

export const shopCss = readFileSync(new URL('shop.css', import.meta.url), 'utf8');

const LOG_IN = html`<section>
  <h2>Or log in</h2>
  <p>The shop asks for names, date of birth and personal number, and for no payment.</p>
  <form method="post" action="/login">
    <p><button>Log in with BankID</button></p>
  </form>
</section>`;

export function invoicePage(links: ShopLinks): Html {
  return page(
    'Pay an invoice',
    html`<p class="note">
        An example shop. Nothing here is real: the company, the bank and the payers are invented, and the BankID app is
        a pretend one.
      </p>
      <section>
        <h2>Invoice 1234567</h2>
        <dl>
          <dt>Payee</dt>
          <dd>Exempelbutiken AB</dd>
          <dt>Bankgiro</dt>
          <dd>5050-1055</dd>
          <dt>OCR</dt>
          <dd>12345674</dd>
          <dt>Amount</dt>
          <dd><strong>1 250,00 SEK</strong></dd>
        </dl>
        <form method="post" action="/pay">
          <p><button>Pay with BankID</button></p>
        </form>
      </section>
      ${LOG_IN}
      <section>
        <h2>What happens</h2>
        <ol>
          <li>The shop pushes a consent for exactly this payment to <a href="${links.issuer}/docs">the service</a>.</li>
          <li>
            You choose this device or another, and open <a href="${links.appUrl}">the pretend BankID app</a>. It shows
            the text that will be signed.
          </li>
          <li>You sign as Anna or Bo. The service verifies the signature and its OCSP response and keeps both.</li>
          <li>Back here the shop has a token for that payment, and the bank may use it once.</li>
        </ol>
      </section>`,
  );
}

export function paymentPage(payment: ShopPayment, links: ShopLinks): Html {
  return page(
    'Your payment',
    payment.refusal === undefined ? html`${tokenPart(payment)}${bankPart(payment, links)}` : refused(payment.refusal),
  );
}

export function loginPage({ refusal, loggedIn, person }: ShopLogin): Html {
  if (refusal !== undefined) return page('Not logged in', refused(refusal, 'Nobody logged in'));
  return page(
    'You are logged in',
    html`<section>
        <h2>What the id_token says</h2>
        <pre>${JSON.stringify(loggedIn?.idToken, null, 2)}</pre>
      </section>
      <section>
        <h2>What /userinfo says</h2>
        <pre>${JSON.stringify(masked(person), null, 2)}</pre>
      </section>
      <p><a href="/">Back to the invoice</a></p>`,
  );
}

export function messagePage(title: string, text: string): Html {
  return page(
    title,
    html`<section>
      <p>${text}</p>
      <p><a href="/">Back to the invoice</a></p>
    </section>`,
  );
}

/** For a consent that another program pushed: the code in the address is for that program. */
export function foreignReturnPage(returned: URLSearchParams): Html {
  return page(
    'Not one of the shop’s payments',
    html`<section>
      <p>This is what the service sent back. A code is valid for 60 seconds.</p>
      <dl>
        ${[...returned].map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd><code>${value}</code></dd>`,
        )}
      </dl>
    </section>`,
  );
}

function refused(reason: string, title = 'No consent was given'): Html {
  return html`<section>
    <h2>${title}</h2>
    <p>Reason: <code>${reason}</code></p>
    <p><a href="/">Back to the invoice</a></p>
  </section>`;
}

function tokenPart({ token, introspection }: ShopPayment): Html {
  return html`<section>
      <h2>The shop has a token</h2>
      <dl>
        <dt>Consent</dt>
        <dd><code>${token?.consentId}</code></dd>
        <dt>Token type</dt>
        <dd>${token?.raw.token_type}, bound to the shop's key</dd>
        <dt>Valid for</dt>
        <dd>${token?.raw.expires_in} seconds</dd>
      </dl>
    </section>
    <section>
      <h2>What the bank learns by introspection</h2>
      <pre>${JSON.stringify(masked(introspection), null, 2)}</pre>
    </section>`;
}

function bankPart(payment: ShopPayment, links: ShopLinks): Html {
  if (!payment.consumption) {
    return html`<section>
      <h2>Now be the bank</h2>
      <p>
        It consumes the consent with the payment as it will execute it, then tries once more, and verifies the stored
        signature.
      </p>
      <form method="post" action="/payments/${payment.state}/execute"><button>Execute the payment</button></form>
    </section>`;
  }
  return html`<section>
      <h2>The bank consumed the consent</h2>
      ${answer('First time', payment.consumption)}${answer('Second time', payment.secondConsumption)}
    </section>
    ${payment.verification && verificationPart(payment.verification.body)}
    <section>
      <h2>The evidence</h2>
      <p>Signature, OCSP response and all that is needed to check them without us, in ten years too.</p>
      <p>
        <a class="button" href="/payments/${payment.state}/evidence.zip" download>Download the evidence folder (ZIP)</a>
      </p>
      <p class="note">
        Then drop it on <a href="${links.issuer}/verify">the verify page</a>, or unpack it and run
        <code>sh verify.sh</code>.
      </p>
    </section>
    <p><a href="/">Pay another invoice</a></p>`;
}

interface Report {
  readonly indication?: string;
  readonly visibleText?: string;
  readonly checks?: readonly { readonly id: string; readonly status: string; readonly detail?: string }[];
}

function verificationPart(report: Report): Html {
  return html`<section>
    <h2>The stored signature, verified again: <span class="good">${report.indication}</span></h2>
    <pre class="text">${report.visibleText}</pre>
    <table>
      ${(report.checks ?? []).map(
        (check) =>
          html`<tr>
            <td>${check.id}</td>
            <td>${check.status}</td>
            <td>${check.detail}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function answer(title: string, given: ShopPayment['consumption']): Html | undefined {
  return (
    given &&
    html`<h3 class="${given.status < 300 ? 'good' : 'bad'}">${title}: ${given.status}</h3>
      <pre>${JSON.stringify(given.body, null, 2)}</pre>`
  );
}

/** The bank sees the whole personal number; this page, which may be photographed, does not show it. */
function masked(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? {}, (key, inner: unknown) =>
      /personal/i.test(key) && typeof inner === 'string' ? `${inner.slice(0, 8)}****` : inner,
    ),
  );
}

function page(title: string, main: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Exempelbutiken</title>
        <link rel="stylesheet" href="/shop.css" />
      </head>
      <body>
        <header><strong>Exempelbutiken</strong> <span class="note">sandbox</span></header>
        <main>
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html>`;
}
