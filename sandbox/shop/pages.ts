import { html, type Html } from '../../src/kernel/web/html.ts';
import { amountText, facts, page, type Visit } from '../site/frame.ts';
import type { SiteBank } from '../site/parties.ts';
import { invoices, payeeChecks, takesPayeeCheck, type Invoice, type PayeeCheck } from './invoices.ts';
import type { ShopPayment } from './payments.ts';

export const SHOP_NAME = 'Exempelbutiken';

/** What can be paid for, the login, and what has been bought. */
export function shopPage(visit: Visit, banks: readonly SiteBank[], bought: readonly ShopPayment[]): Html {
  const { t } = visit;
  const main = html`<p class="lead">
      ${t('Saker för hemmet, omsorgsfullt påhittade.', 'Things for the home, carefully invented.')}
    </p>
    <div class="goods">${invoices.map((invoice) => goods(visit, invoice, banks))}</div>
    ${loginPart(visit)} ${boughtPart(visit, bought)} ${nextPart(visit)}`;
  return page(visit, { room: 'shop', title: t('Att betala', 'To pay'), name: SHOP_NAME, main });
}

function goods(visit: Visit, invoice: Invoice, banks: readonly SiteBank[]): Html {
  const { t } = visit;
  const { payment, account, reference, picture, id } = invoice;
  const amount = amountText(visit, payment.instructedAmount);
  return html`<article class="product">
    <img src="/pictures/${picture}" alt="" width="320" height="200" />
    <h2>${titleOf(visit, invoice)}</h2>
    <p class="amount">${amount}</p>
    ${facts([
      [t('Till', 'To'), payment.creditorName],
      [t('Konto', 'Account'), account],
      [t('Referens', 'Reference'), reference],
    ])}
    <form method="post" action="/pay">
      <input type="hidden" name="invoice" value="${id}" />
      <fieldset>
        <legend>${t('Din bank', 'Your bank')}</legend>
        ${banks.map((bank) => bankChoice(invoice, bank))}
      </fieldset>
      ${takesPayeeCheck(invoice) && checkChoice(visit, invoice)}
      <button>${t(`Betala ${amount} med BankID`, `Pay ${amount} with BankID`)}</button>
    </form>
  </article>`;
}

function bankChoice({ bankId }: Invoice, { id, name }: SiteBank): Html {
  return id === bankId
    ? html`<label><input type="radio" name="bank" value="${id}" checked /> ${name}</label>`
    : html`<label><input type="radio" name="bank" value="${id}" /> ${name}</label>`;
}

function checkChoice({ t }: Visit, { id }: Invoice): Html {
  const texts: Readonly<Record<PayeeCheck, string>> = {
    match: t('Namnet stämmer, intygat av banken', 'The name matches, attested by the bank'),
    'close-match': t('Namnet stämmer nästan', 'The name nearly matches'),
    'no-match': t('Namnet stämmer inte', 'The name does not match'),
  };
  return html`<p class="choice">
    <label for="check-${id}">${t('Betalningsmottagaren kontrollerad', 'Verification of the payee')}</label>
    <select id="check-${id}" name="check">
      ${payeeChecks.map((check) => html`<option value="${check}">${texts[check]}</option>`)}
    </select>
  </p>`;
}

function loginPart({ t }: Visit): Html {
  return html`<section>
    <h2>${t('Stamkund?', 'A regular customer?')}</h2>
    <p>
      ${t(
        'Logga in: butiken får veta namn, födelsedatum och personnummer, och ingen betalning görs.',
        'Log in: the shop learns names, date of birth and personal number, and no payment is made.',
      )}
    </p>
    <form method="post" action="/login"><button>${t('Logga in med BankID', 'Log in with BankID')}</button></form>
  </section>`;
}

function boughtPart(visit: Visit, bought: readonly ShopPayment[]): Html | undefined {
  if (bought.length === 0) return undefined;
  const { t } = visit;
  return html`<section>
    <h2>${t('Dina betalningar', 'Your payments')}</h2>
    <ul class="rows">
      ${bought.map(
        (payment) =>
          html`<li>
            <a href="/payments/${payment.state}">${titleOf(visit, payment.invoice)}</a>
            <span>${amountText(visit, payment.invoice.payment.instructedAmount)}</span>
            <span class="note">${payment.bank.name}, ${stateText(visit, payment)}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}

function nextPart({ t }: Visit): Html {
  return html`<section class="plain">
    <h2>${t('Vad som händer', 'What happens')}</h2>
    <ol>
      <li>
        ${t(
          'Butikens betaltjänst, Exempelbetal, lämnar betalningen till tjänsten och skickar dig till din bank.',
          "The shop's payment provider, Exempelbetal, hands the payment to the service and sends you to your bank.",
        )}
      </li>
      <li>
        ${t(
          'Du läser belopp och mottagare i den låtsade BankID-appen och skriver under.',
          'You read amount and payee in the pretend BankID app, and sign.',
        )}
      </li>
      <li>
        ${t(
          'Tillbaka här ser du varje anrop som gjordes, och kan göra om det med curl.',
          'Back here you see each request that was made, and can repeat it with curl.',
        )}
      </li>
    </ol>
  </section>`;
}

/** What is sold. */
export function titleOf({ t }: Visit, { id }: Invoice): string {
  return {
    coffee: t('Kaffekanna och två muggar', 'Coffee pot and two mugs'),
    office: t('Ett helt kontor, inrett', 'A whole office, furnished'),
    glass: t('Glasvas från Finland', 'Glass vase from Finland'),
  }[id];
}

/** How far the shop's payment has come. */
export function stateText({ t }: Visit, { token, refusal }: ShopPayment): string {
  if (token) return t('godkänd', 'approved');
  return refusal === undefined ? t('väntar på betalaren', 'waits for the payer') : t('inte godkänd', 'not approved');
}
