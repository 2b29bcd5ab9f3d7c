import type { SignedConsentFacts } from '../payment/non-visible.ts';
import { formatSignedMoney } from '../payment/visible-text.ts';
import { clean, findSignedFacts, signedBank, signedPaymentRows } from '../evidence-files/report-text.ts';
import type { ReportPhrases } from '../evidence-files/report-phrases.ts';
import type { Language } from '../design/language.ts';
import { html, type Html } from '../kernel/web/html.ts';
import type { SignedLoginFacts } from '../identification/non-visible.ts';
import type { Report } from '../verification/report.ts';
import type { PageWords } from './words.ts';

interface Wording {
  readonly language: Language;
  readonly words: PageWords;
  readonly phrases: ReportPhrases;
}

/** What was signed, read from the signed bytes and from nothing else. */
export function signedSection(report: Report, wording: Wording): Html {
  const { words } = wording;
  const { consent, login } = findSignedFacts(report);
  if (consent) return section(words.signedPayment, html`<dl class="letter">${paymentRows(consent, wording)}</dl>`);
  if (login) return section(words.signedLogin, html`<dl class="letter">${loginRows(login, wording)}</dl>`);
  const isKnown = report.visibleText !== null;
  return section(words.signedOther, html`<p>${isKnown ? words.otherContent : words.notEstablished}</p>`);
}

/** A part of the report under a heading of its own. */
export function section(title: string, content: Html): Html {
  return html`<section>
    <h3>${title}</h3>
    ${content}
  </section>`;
}

/** Label and value; nothing where there is no value. */
export function row(label: string, value: Html | string | undefined, kind = ''): Html | undefined {
  if (value === undefined) return undefined;
  return html`<div class="${kind}">
    <dt>${label}</dt>
    <dd>${typeof value === 'string' ? html`<bdi>${clean(value)}</bdi>` : value}</dd>
  </div>`;
}

function paymentRows(consent: SignedConsentFacts, { language, words, phrases }: Wording): Html {
  const { facts } = words;
  const { initiation, tpp } = consent;
  const money = formatSignedMoney(initiation.instructedAmount, language).replaceAll(' ', '\u00a0');
  const rows = signedPaymentRows(consent, language, phrases);
  return html`${row(facts.amount, html`${money}`, 'amount')}
  ${rows.map(([id, value]) => row(facts[id], value, id === 'payee' ? id : ''))}
  ${row(facts.asked, `${tpp.name} (${tpp.authorisationNumber})`)} ${row(facts.bank, signedBank(consent))}`;
}

function loginRows({ clientName, clientId, scopes, bindingMessage }: SignedLoginFacts, { words }: Wording): Html {
  const { facts } = words;
  return html`${row(facts.client, `${clientName} (${clientId})`, 'payee')} ${row(facts.scopes, scopes.join(' '))}
  ${row(facts.code, bindingMessage)}`;
}
