import { formatCreditorReference } from '../../payment/creditor-reference.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import { formatSignedAccount, formatSignedMoney } from '../../payment/visible-text.ts';
import { clean, findSignedFacts, payeeCheckOf } from '../../evidence-files/report-text.ts';
import type { ReportPhrases } from '../../evidence-files/report-phrases.ts';
import type { Language } from '../../design/language.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import type { SignedLoginFacts } from '../../identification/non-visible.ts';
import type { Report } from '../../verification/report.ts';
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
  const { initiation, tpp, bank } = consent;
  const { creditorReference: reference, debtorAccount } = initiation;
  const check = 'creditorNameVerification' in consent ? consent.creditorNameVerification : undefined;
  const money = formatSignedMoney(initiation.instructedAmount, language).replaceAll(' ', '\u00a0');
  return html`${row(facts.amount, html`${money}`, 'amount')} ${row(facts.payee, initiation.creditorName, 'payee')}
  ${row(facts.account, formatSignedAccount(initiation.creditorAccount, language))}
  ${row(facts.payeeCheck, check && payeeCheckOf(check, phrases))}
  ${row(reference?.type === 'RF' ? facts.rf : facts.ocr, reference && formatCreditorReference(reference))}
  ${row(facts.message, initiation.remittanceInformationUnstructured)}
  ${row(facts.reference, initiation.endToEndIdentification)}
  ${row(facts.debtor, debtorAccount && formatSignedAccount(debtorAccount, language))}
  ${row(facts.asked, `${tpp.name} (${tpp.authorisationNumber})`)}
  ${row(facts.bank, 'bankName' in consent ? `${consent.bankName} (${bank})` : bank)}`;
}

function loginRows({ clientName, clientId, scopes, bindingMessage }: SignedLoginFacts, { words }: Wording): Html {
  const { facts } = words;
  return html`${row(facts.client, `${clientName} (${clientId})`, 'payee')} ${row(facts.scopes, scopes.join(' '))}
  ${row(facts.code, bindingMessage)}`;
}
