import { html, type Html, type HtmlValue } from '../../src/kernel/web/html.ts';
import { textOrEmpty } from '../oauth-client.ts';
import { titleOf } from '../shop/pages.ts';
import type { SignedPayment } from '../shop/payments.ts';
import { commandOf } from '../site/command.ts';
import { downloadsPart } from '../site/downloads-part.ts';
import { stepPart } from '../site/exchange-part.ts';
import { amountText, facts, page, type Visit } from '../site/frame.ts';
import type { SiteLinks } from '../site/front-page.ts';
import { masked } from '../site/mask.ts';
import type { SiteBank } from '../site/parties.ts';
import { bankSteps, type BankCase, type BankStep, type BankStepName } from './desk.ts';
import { textsOf } from './step-texts.ts';

/** A bank with the payments that were made here. */
export interface BankList {
  readonly bank: SiteBank;
  readonly rows: readonly { readonly payment: SignedPayment; readonly state: string }[];
}

/** The consents of both banks' payments, with the state that each bank reads. */
export function bankListPage(visit: Visit, lists: readonly BankList[]): Html {
  const { t } = visit;
  const main = html`<p class="lead">
      ${t(
        'En bank ser samtyckena för sina egna betalningar, och inga andra.',
        'A bank sees the consents of its own payments, and no others.',
      )}
    </p>
    ${lists.map((list) => bankPart(visit, list))}`;
  return page(visit, { room: 'bank', title: t('Samtycken', 'Consents'), name: t('Bankerna', 'The banks'), main });
}

function bankPart(visit: Visit, { bank, rows }: BankList): Html {
  const { t } = visit;
  const none = html`<p>
    ${t('Inget än.', 'None yet.')}
    <a href="/shop">${t('Gör en betalning i butiken', 'Make a payment in the shop')}</a>
  </p>`;
  return html`<section>
    <h2>${bank.name}</h2>
    ${
      rows.length === 0
        ? none
        : html`<ul class="rows">
            ${rows.map(
              ({ payment, state }) =>
                html`<li>
                  <a href="/bank/${payment.state}">${titleOf(visit, payment.invoice)}</a>
                  <span>${amountText(visit, payment.invoice.payment.instructedAmount)}</span>
                  <span class="note">${state}</span>
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}

/** A consent at its bank: what was done, and the button for the next step. */
export function bankPage(visit: Visit, payment: SignedPayment, done: BankCase, links: SiteLinks): Html {
  const { t } = visit;
  const { bank, invoice, token, state } = payment;
  const next = bankSteps.find((name) => !done.has(name));
  const facets = facts([
    [t('Belopp', 'Amount'), amountText(visit, invoice.payment.instructedAmount)],
    [t('Till', 'To'), invoice.payment.creditorName],
    [t('Begärd av', 'Requested by'), 'Exempelbetal AB'],
    [t('Samtycke', 'Consent'), html`<code>${token.consentId}</code>`],
  ]);
  const payerUrl = `${visit.url.origin}/bank/${state}/payer`;
  const main = html`<section>${facets}</section>
    ${bankSteps.map((name) => {
      const step = done.get(name);
      return step && donePart(visit, name, step, { ...links, payerUrl });
    })}
    ${next ? nextPart(visit, state, next) : downloadsPart(visit, `/payments/${state}`, links)}`;
  return page(visit, { room: 'bank', title: t('Ett samtycke', 'A consent'), name: bank.name, main });
}

function donePart(
  visit: Visit,
  name: BankStepName,
  step: BankStep,
  links: SiteLinks & { readonly payerUrl: string },
): Html {
  const [title] = textsOf(visit, name);
  const { exchanges, status } = step;
  const shown = html`<span class="${status < 400 ? 'good' : 'bad'}">${outcomeOf(visit, name, step)}</span>`;
  return stepPart(visit, { title, text: shown, exchanges, command: commandOf(exchanges, links) });
}

function nextPart(visit: Visit, state: string, name: BankStepName): Html {
  const [title, text, button] = textsOf(visit, name);
  return html`<section class="next" id="next">
    <h2>${title}</h2>
    <p>${text}</p>
    <form method="post" action="/bank/${state}/${name}"><button>${button}</button></form>
  </section>`;
}

/** In words, what the service answered. */
function outcomeOf({ t }: Visit, name: BankStepName, { status, answer }: BankStep): HtmlValue {
  const said = textOrEmpty(answer['detail'] ?? answer['title']);
  if (status >= 400) return t(`Nekad (${status}): ${said}`, `Refused (${status}): ${said}`);
  const payer = (answer['payer'] ?? {}) as { readonly personalNumber?: string };
  return {
    introspect: answer['active']
      ? t(
          `Den gäller. Betalaren är ${masked(payer.personalNumber ?? '')}`,
          `It is good. The payer is ${masked(payer.personalNumber ?? '')}`,
        )
      : t('Den gäller inte längre.', 'It is good no longer.'),
    consume: t('Förbrukat. Betalningen får utföras.', 'Consumed. The payment may be executed.'),
    'consume-again': t('Förbrukat en gång till.', 'Consumed once more.'),
    report: t('Utförandet är antecknat.', 'The execution is recorded.'),
    verify: textOrEmpty(answer['indication']),
  }[name];
}
