import type { InteractionContext, LoginFacts, PaymentFacts, UserMessage } from './facts.ts';
import type { Account } from '../../payment/account.ts';
import type { Language } from '../../design/language.ts';
import { formatAccount, formatMoney, formatTime } from './format.ts';
import { formatCreditorReference } from '../../payment/creditor-reference.ts';
import { payeeCheckLines } from '../../payment/visible-text.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { textsOf } from './texts.ts';

/** People need at least twenty seconds to react. @see WCAG 2.2, 2.2.1 */
const WARNED_SECONDS = 60;

/** What is asked, in full. */
export function letter(context: InteractionContext): Html {
  const { asked } = context;
  return asked.purpose === 'payment' ? paymentLetter(context, asked) : loginLetter(context, asked);
}

/** What is asked, in one glance, for the pages where the person compares it with the app. */
export function glance(context: InteractionContext): Html {
  const { asked } = context;
  return asked.purpose === 'payment' ? paymentGlance(context, asked) : loginGlance(context, asked);
}

/** Who asks, largest, and what that client will be told. */
function loginLetter(context: InteractionContext, login: LoginFacts): Html {
  const { summary } = textsOf(context);
  return html`<dl class="letter">
    <div class="payee">
      <dt>${summary.asks}</dt>
      <dd><bdi>${login.clientName}</bdi></dd>
    </div>
    ${row(summary.told, toldOf(context, login))}
  </dl>`;
}

function loginGlance(context: InteractionContext, login: LoginFacts): Html {
  const { summary } = textsOf(context);
  return html`<dl class="glance">
    <div class="payee">
      <dt>${summary.asks}</dt>
      <dd><bdi>${login.clientName}</bdi></dd>
    </div>
  </dl>`;
}

function toldOf(context: InteractionContext, { isToldNames, isToldNumber }: LoginFacts): string {
  const { summary } = textsOf(context);
  const told = [isToldNames ? summary.names : '', isToldNumber ? summary.number : ''].filter((part) => part !== '');
  return told.length === 0 ? summary.pseudonym : told.join(', ');
}

/** The payment in full: amount and payee first and largest, then everything else that will be signed. */
function paymentLetter(context: InteractionContext, payment: PaymentFacts): Html {
  const { language } = context;
  const { initiation } = payment;
  const { creditorReference: reference } = initiation;
  const tpp = { name: payment.clientName, authorisationNumber: payment.authorisationNumber };
  const { summary } = textsOf(context);
  return html`<dl class="letter">
    ${amount(context, payment)} ${payee(context, payment)} ${row(summary.asks, payment.clientName)}
    ${accountRow(summary.toAccount, initiation.creditorAccount, language)}
    ${payeeCheckLines(language, { ...payment, tpp }).map(([label, value]) => row(label, value))}
    ${row(reference?.type === 'RF' ? summary.rf : summary.ocr, reference && formatCreditorReference(reference))}
    ${row(summary.message, initiation.remittanceInformationUnstructured)}
    ${row(summary.reference, initiation.endToEndIdentification)}
    ${accountRow(summary.fromAccount, initiation.debtorAccount, language)} ${row(summary.bank, payment.bankName)}
    ${row(summary.authorisationNumber, payment.authorisationNumber)}
  </dl>`;
}

/** The payment in one glance, for the pages where the payer compares it with the app. */
function paymentGlance(context: InteractionContext, payment: PaymentFacts): Html {
  const { summary } = textsOf(context);
  return html`<dl class="glance">
    ${amount(context, payment)} ${payee(context, payment)} ${row(summary.asks, payment.clientName)}
  </dl>`;
}

/** An amount is never split over two lines: the longer it is, the smaller it is written. */
function amount(context: InteractionContext, { initiation }: PaymentFacts): Html {
  const { summary } = textsOf(context);
  const money = formatMoney(initiation.instructedAmount, context.language);
  return html`<div class="amount${money.length > LONG_AMOUNT && ' long'}">
    <dt>${summary.amount}</dt>
    <dd>${money}</dd>
  </div>`;
}

/** `1 234 567,89 SEK` is not long. */
const LONG_AMOUNT = 16;

function payee(context: InteractionContext, { initiation }: PaymentFacts): Html {
  return html`<div class="payee">
    <dt>${textsOf(context).summary.payee}</dt>
    <dd><bdi>${initiation.creditorName}</bdi></dd>
  </div>`;
}

/** The warning against relay fraud in one sentence, where the whole would push the buttons off the screen. */
export function shortWarning(context: InteractionContext): Html {
  return html`<p class="short-warning">${textsOf(context).warning.title}</p>`;
}

/** The warning against relay fraud. */
export function relayWarning(context: InteractionContext, sentence: 'start' | 'qr'): Html {
  const { warning } = textsOf(context);
  const body = sentence === 'qr' ? warning.qr : warning.body(context.asked.clientName);
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

/**
 * The return to the TPP goes through the authorization server, which knows the redirect URI and the state. Where it `continues`, the script
 * follows it, once, and says so; a browser without scripts shows the link.
 */
export function returnLink(context: InteractionContext, continues: boolean): Html {
  const texts = textsOf(context);
  const { clientName } = context.asked;
  return html`<a
      id="return"
      class="primary button"
      href="${context.returnPath}"
      rel="noreferrer"
      ${continues && html` data-continue`}
      >${texts.returnTo(clientName)}</a
    >
    ${
      continues &&
      html`<p
        class="fine"
        role="status"
        data-returning="${texts.returning(clientName)}"
        data-returned="${texts.returned(clientName)}"
      ></p>`
    }`;
}

/** Until when, with the notice before it. */
export function validUntil(context: InteractionContext): Html {
  return html`${expiryTime(context)} ${expiryNotice(context)}`;
}

export function expiryTime(context: InteractionContext): Html {
  const { summary } = textsOf(context);
  return html`<p class="fine">${summary.validUntil(formatTime(context.asked.expiresAt, context.language))}</p>`;
}

/** The script warns here a minute before the time is up, once, and loads the page again when it is. */
export function expiryNotice(context: InteractionContext): Html {
  const { expiresSoon } = textsOf(context);
  const { secondsLeft } = context;
  const said = secondsLeft <= WARNED_SECONDS && expiresSoon;
  const watched = html`data-expires="${secondsLeft}" data-soon="${expiresSoon}"`;
  return html`<p class="soon" role="status" ${watched}>${said}</p>`;
}

/** When a browser without scripts loads a page again that nothing but time changes: a minute before the time is up, and then. */
export function untilNotice({ secondsLeft }: InteractionContext): number {
  return secondsLeft > WARNED_SECONDS ? secondsLeft - WARNED_SECONDS : secondsLeft + 1;
}

/** The time that is left for a code, and more of it by another press: the time to answer stays what it is. */
export function codeTime(context: InteractionContext, seconds: number): Html {
  const { qr } = textsOf(context);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return html`<div class="code-time">
    <p>${qr.timeLeft} <span role="timer" data-countdown="${seconds}">${time}</span></p>
    ${action(`${context.path}/start/other`, qr.moreTime, 'quiet')}
  </div>`;
}

function row(label: string, value: string | undefined): Html | undefined {
  if (value === undefined || value === '') return undefined;
  return html`<div>
    <dt>${label}</dt>
    <dd><bdi>${value}</bdi></dd>
  </div>`;
}

/** The number is wrapped between the groups of an IBAN, and nowhere else. */
function accountRow(label: string, account: Account | undefined, language: Language): Html | undefined {
  if (account === undefined) return undefined;
  const numbers = account.kind === 'iban' ? 'groups' : 'unbroken';
  return html`<div>
    <dt>${label}</dt>
    <dd class="${numbers}">${formatAccount(account, language)}</dd>
  </div>`;
}
