import type { InteractionContext, UserMessage } from './facts.ts';
import { formatAccount, formatMoney, formatTime } from './format.ts';
import { formatCreditorReference } from '../../payment/creditor-reference.ts';
import { payeeCheckLines } from '../../payment/visible-text.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { textsIn } from './texts.ts';

/** The payment in full: amount and payee first and largest, then everything else that will be signed. */
export function paymentLetter(context: InteractionContext): Html {
  const { language, payment } = context;
  const { initiation } = payment;
  const { creditorReference: reference } = initiation;
  const tpp = { name: payment.tppName, authorisationNumber: payment.authorisationNumber };
  const { summary } = textsIn(language);
  return html`<dl class="letter">
    <div class="amount">
      <dt>${summary.amount}</dt>
      <dd>${formatMoney(initiation.instructedAmount, language)}</dd>
    </div>
    <div class="payee">
      <dt>${summary.payee}</dt>
      <dd>${initiation.creditorName}</dd>
    </div>
    ${row(summary.toAccount, formatAccount(initiation.creditorAccount, language))}
    ${payeeCheckLines(language, { ...payment, tpp }).map(([label, value]) => row(label, value))}
    ${row(reference?.type === 'RF' ? summary.rf : summary.ocr, reference && formatCreditorReference(reference))}
    ${row(summary.message, initiation.remittanceInformationUnstructured)}
    ${row(summary.reference, initiation.endToEndIdentification)}
    ${row(summary.fromAccount, initiation.debtorAccount && formatAccount(initiation.debtorAccount, language))}
    ${row(summary.bank, payment.bankName)} ${row(summary.asks, payment.tppName)}
    ${row(summary.authorisationNumber, payment.authorisationNumber)}
  </dl>`;
}

/** The payment in one glance, for the pages where the payer compares it with the app. */
export function paymentGlance(context: InteractionContext): Html {
  const { language, payment } = context;
  const { summary } = textsIn(language);
  const { initiation } = payment;
  return html`<dl class="glance">
    <div class="amount">
      <dt>${summary.amount}</dt>
      <dd>${formatMoney(initiation.instructedAmount, language)}</dd>
    </div>
    <div class="payee">
      <dt>${summary.payee}</dt>
      <dd>${initiation.creditorName}</dd>
    </div>
    <div>
      <dt>${summary.asks}</dt>
      <dd>${payment.tppName}</dd>
    </div>
  </dl>`;
}

/** The warning against relay fraud. */
export function relayWarning(context: InteractionContext, sentence: 'start' | 'qr'): Html {
  const { warning } = textsIn(context.language);
  const body = sentence === 'qr' ? warning.qr : warning.body(context.payment.tppName);
  return html`<aside class="warning">
    <strong>${warning.title}</strong>
    <p>${body}</p>
  </aside>`;
}

/** The line that the script keeps up to date; screen readers read it out when it changes. */
export function statusLine(message: UserMessage | undefined): Html {
  return html`<p class="status" role="status" data-message data-rfa="${message?.code ?? ''}">${message?.text}</p>`;
}

/** A form with one button: every change is a POST, and the path says everything. Its last part names the button. */
export function action(path: string, label: string, style: 'primary' | 'secondary' | 'quiet'): Html {
  const id = path.split('/').slice(3).join('-');
  return html`<form method="post" action="${path}">
    <button id="${id}" class="${style}" type="submit">${label}</button>
  </form>`;
}

/** The return to the TPP goes through the authorization server, which knows the redirect URI and the state. */
export function returnLink(context: InteractionContext, continues: boolean): Html {
  const texts = textsIn(context.language);
  const { tppName } = context.payment;
  return html`<a
      id="return"
      class="primary button"
      href="${context.returnPath}"
      rel="noreferrer"
      ${continues && html` data-continue`}
      >${texts.returnTo(tppName)}</a
    >
    ${continues && html`<p class="fine">${texts.returning(tppName)}</p>`}`;
}

export function validUntil(context: InteractionContext): Html {
  const { summary } = textsIn(context.language);
  return html`<p class="fine">${summary.validUntil(formatTime(context.payment.expiresAt, context.language))}</p>`;
}

function row(label: string, value: string | undefined): Html | undefined {
  if (value === undefined || value === '') return undefined;
  return html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
}
