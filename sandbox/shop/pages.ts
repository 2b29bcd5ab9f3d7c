import { html, type Html } from '../../src/kernel/html.ts';
import type { ShopPayment } from './payments.ts';

export interface ShopLinks {
  readonly appUrl: string;
  readonly issuer: string;
}

export const shopCss = `
:root { color-scheme: light dark; --ink: #20303a; --paper: #faf8f4; --line: #d8d2c6; --seal: #8c2f23; --card: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e4da; --paper: #17191b; --line: #3a3d40; --seal: #e08a78; --card: #212427 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.5rem; margin: .5rem 0 } h2 { font-size: 1.1rem; margin: 0 0 .5rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.2rem; margin: 1rem 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: 0 } dt { opacity: .7 } dd { margin: 0; overflow-wrap: anywhere }
button, .button { font: inherit; font-weight: 600; color: #fff; background: #8c2f23; border: 0; border-radius: .5rem; padding: .7rem 1.2rem; cursor: pointer; text-decoration: none; display: inline-block }
button:focus-visible, a:focus-visible { outline: 3px solid var(--seal); outline-offset: 2px }
a { color: var(--seal) } code, pre { font: .85rem/1.45 ui-monospace, monospace } pre { overflow: auto; margin: .5rem 0 0; max-height: 18rem }
pre.text { max-height: none }
table { border-collapse: collapse; width: 100% } td { border-top: 1px solid var(--line); padding: .3rem .5rem .3rem 0; vertical-align: top; font-size: .9rem }
.note { opacity: .75; font-size: .9rem } .good { color: #2c7a4b } .bad { color: var(--seal) }
`;

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

export function messagePage(title: string, text: string): Html {
  return page(
    title,
    html`<section>
      <p>${text}</p>
      <p><a href="/">Back to the invoice</a></p>
    </section>`,
  );
}

/** Somebody else pushed this consent, by hand: what came back is theirs to use. */
export function strangerPage(returned: URLSearchParams): Html {
  return page(
    'Not one of the shop’s payments',
    html`<section>
      <p>This is what the service sent back. A code lives for 60 seconds.</p>
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

function refused(reason: string): Html {
  return html`<section>
    <h2>No consent was given</h2>
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
        <dt>Good for</dt>
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

/** The bank sees the whole personal number; a screen that somebody may photograph does not. */
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
