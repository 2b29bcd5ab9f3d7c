import { html, type Html } from '../../src/kernel/web/html.ts';
import { textOrEmpty } from '../oauth-client.ts';
import { commandOf, redemptionByHand, BY_HAND } from '../site/command.ts';
import { commandPart, stepPart } from '../site/exchange-part.ts';
import { amountText, facts, page, type Visit } from '../site/frame.ts';
import type { SiteLinks } from '../site/front-page.ts';
import { masked } from '../site/mask.ts';
import { downloadsPart } from '../site/downloads-part.ts';
import type { ShopLogin } from './logins.ts';
import { SHOP_NAME, stateText, titleOf } from './pages.ts';
import type { ShopPayment } from './payments.ts';

/** A payment as its shop sees it: what was asked for and what came back, step by step. */
export function paymentPage(visit: Visit, payment: ShopPayment, links: SiteLinks): Html {
  const { t } = visit;
  const { token, refusal, state } = payment;
  const title = token ? t('Tack för ditt köp!', 'Thank you for your purchase!') : titles(visit, payment);
  const main = html`${receipt(visit, payment)} ${refusal !== undefined && refusedPart(visit, refusal)}
  ${stepPart(visit, {
    title: t('Butiken lämnade betalningen', 'The shop pushed the payment'),
    text: t(
      'Ett samtycke för exakt denna betalning, innan du skickades till banken (PAR, RFC 9126).',
      'A consent for exactly this payment, before you were sent to the bank (PAR, RFC 9126).',
    ),
    exchanges: payment.push,
    command: commandOf(payment.push, links),
  })}
  ${payment.redemption && redemptionPart(visit, payment.redemption)}
  ${
    token &&
    html`<section class="next">
        <h2>${t('Vad händer nu?', 'What is next?')}</h2>
        <p>
          ${t(
            'Butikens betaltjänst visar sin token för banken. Byt plats och var banken, eller granska det som har sparats.',
            "The shop's payment provider presents its token to the bank. Change places and be the bank, or look at what was stored.",
          )}
        </p>
        <p>
          <a class="button" href="/bank/${state}">${t('Var banken', 'Be the bank')}</a>
          <a class="button second" href="/auditor/${state}">${t('Var revisorn', 'Be the auditor')}</a>
        </p>
      </section>
      ${downloadsPart(visit, `/payments/${state}`, links)}`
  }`;
  return page(visit, { room: 'shop', title, name: SHOP_NAME, main });
}

function titles({ t }: Visit, { refusal }: ShopPayment): string {
  return refusal === undefined
    ? t('Betalningen är inte klar', 'The payment is not finished')
    : t('Betalningen godkändes inte', 'The payment was not approved');
}

function receipt(visit: Visit, payment: ShopPayment): Html {
  const { t } = visit;
  const { invoice, bank, token } = payment;
  return html`<section>
    <h2>${titleOf(visit, invoice)}</h2>
    <p class="amount">${amountText(visit, invoice.payment.instructedAmount)}</p>
    ${facts([
      [t('Till', 'To'), invoice.payment.creditorName],
      [t('Bank', 'Bank'), bank.name],
      [t('Läge', 'State'), stateText(visit, payment)],
      ...(token
        ? ([
            [t('Samtycke', 'Consent'), html`<code>${token.consentId}</code>`],
            [
              t('Token', 'Token'),
              t(
                `bunden till butikens nyckel, gäller i ${token.raw.expires_in ?? 0} sekunder`,
                `bound to the shop's key, valid for ${token.raw.expires_in ?? 0} seconds`,
              ),
            ],
          ] as const)
        : []),
    ])}
  </section>`;
}

function redemptionPart(visit: Visit, exchanges: ShopPayment['push']): Html {
  const { t } = visit;
  return stepPart(visit, {
    title: t('Butiken löste in koden', 'The shop redeemed the code'),
    text: t(
      'Du kom tillbaka med en kod, som nu är förbrukad. För att lösa in en själv: klistra in kommandot ovan, öppna adressen som det skriver ut, och skriv under.',
      'You came back with a code, which is now used. To redeem one yourself, paste the command above, open the address that it prints, and sign.',
    ),
    exchanges,
  });
}

function refusedPart({ t }: Visit, reason: string): Html {
  return html`<section>
    <h2>${t('Inget samtycke gavs', 'No consent was given')}</h2>
    <p>${t('Tjänsten säger', 'The service says')}: <code>${reason}</code></p>
    <p><a href="/shop">${t('Försök igen', 'Try again')}</a></p>
  </section>`;
}

/** Who has logged in, and how the shop learnt it. */
export function loginPage(visit: Visit, login: ShopLogin, links: SiteLinks): Html {
  const { t } = visit;
  const { refusal, loggedIn, person, push, redemption, reading } = login;
  const name = textOrEmpty(person?.['name']);
  const title = loggedIn
    ? t(`Välkommen, ${name}`, `Welcome, ${name}`)
    : t('Ingen loggade in', 'The login was not completed');
  const main = html`${refusal !== undefined && refusedPart(visit, refusal)}
  ${
    loggedIn &&
    html`<section>
      <h2>${t('Vad butiken fick veta', 'What the shop was told')}</h2>
      ${facts(Object.entries(person ?? {}).map(([claim, value]) => [claim, masked(String(value))]))}
    </section>`
  }
  ${stepPart(visit, {
    title: t('Butiken bad om en inloggning', 'The shop asked for a login'),
    exchanges: push,
    command: commandOf(push, links),
  })}
  ${redemption && redemptionPart(visit, redemption)}
  ${
    reading &&
    stepPart(visit, {
      title: t('Butiken frågade vem det är', 'The shop asked who it is'),
      exchanges: reading,
      command: commandOf(reading, links),
    })
  }`;
  return page(visit, { room: 'shop', title, name: SHOP_NAME, main });
}

/** What a client and a code are called. A link from anywhere may have brought others, and what is shown to paste must hold none of them. */
const CLIENT = /^\w[\w.~-]{0,63}$/;
const CODE = /^[\w-]{1,128}$/;

/** For what another program pushed: the code in the address is for that program, or for the terminal that pushed it. */
export function foreignReturnPage(visit: Visit, links: SiteLinks): Html {
  const { t, url } = visit;
  const state = url.searchParams.get('state') ?? '';
  const clientId = state.startsWith(BY_HAND) ? state.slice(BY_HAND.length) : 'exempelbetal';
  const main = html`<section>
    <p>
      ${t(
        'Den lämnades av ett annat program. Detta är vad tjänsten skickade tillbaka; en kod gäller i 60 sekunder.',
        'Another program pushed it. This is what the service sent back; a code is valid for 60 seconds.',
      )}
    </p>
    ${facts([...url.searchParams].map(([name, value]) => [name, html`<code>${value}</code>`]))}
    ${
      CODE.test(url.searchParams.get('code') ?? '') &&
      CLIENT.test(clientId) &&
      html`<h2>${t('Lös in koden i terminalen', 'Redeem the code in the terminal')}</h2>
        <p>${t('I samma terminal, som har code_verifier:', 'In the same terminal, which has code_verifier:')}</p>
        ${commandPart(visit, redemptionByHand(links, url, clientId))}`
    }
  </section>`;
  const title = t('Inte en av butikens betalningar', 'Not one of the shop’s payments');
  return page(visit, { room: 'shop', title, name: SHOP_NAME, main });
}
