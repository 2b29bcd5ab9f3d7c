import { html, type Html } from '../../src/kernel/web/html.ts';
import { textOrEmpty } from '../oauth-client.ts';
import { commandPart, stepPart } from '../site/exchange-part.ts';
import { facts, page, type Visit } from '../site/frame.ts';
import type { SiteLinks } from '../site/front-page.ts';
import type { SiteBank } from '../site/parties.ts';
import { credentialsOf, orderForm } from './order-form.ts';
import type { SignatureOrder } from './signature-orders.ts';

/** How signatures of several consents are ordered, and what was. */
export function signaturesPart(
  visit: Visit,
  banks: readonly SiteBank[],
  orders: readonly SignatureOrder[],
  day: string,
): Html {
  const { t } = visit;
  const button = t('Beställ underskrifter', 'Order signatures');
  const rows = orders.map(
    ({ exportId, bank }) =>
      html`<li>
        <a href="/auditor/orders/${exportId}">${exportId.slice(0, 8)}</a> <span class="note">${bank.name}</span>
      </li>`,
  );
  return html`<section>
    <h2>${t('Underskrifter för en period', 'Signatures of a period')}</h2>
    <p>
      ${t(
        'Underskrifter går inte att maskera. En andra anställd i banken måste därför godkänna beställningen, och loggar då in hos banken.',
        'Signatures cannot be masked. So a second employee of the bank has to approve the order, by logging in at the bank.',
      )}
    </p>
    ${orderForm(visit, banks, { action: '/auditor/orders', day, caseReference: 'FI/2026-118', button })}
    ${
      rows.length > 0 &&
      html`<ul class="rows">
        ${rows}
      </ul>`
    }
  </section>`;
}

type Words = Readonly<Record<string, { readonly sv: string; readonly en: string }>>;

/** An order: its state, and what comes next. */
export function signatureOrderPage(
  visit: Visit,
  order: SignatureOrder,
  body: Readonly<Record<string, unknown>>,
  links: SiteLinks,
): Html {
  const { t } = visit;
  const { exportId, bank, exchanges } = order;
  const approving = body['state'] === 'awaiting-approval' ? `\nnpm run -s sigill -- approve ${exportId}` : '';
  const commands = `${credentialsOf(links, bank.auditor.party.client.id)}${approving}
npm run -s sigill -- export get ${exportId} --out export.zip`;
  const main = html`${statePart(visit, order, body)}
    ${
      exchanges.length > 0 &&
      stepPart(visit, {
        title: t('Godkännandet', 'The approval'),
        text: t(
          'Bankens egen underskrift över vem som godkände, när och vad: en id_token vars nonce är beställningens SHA-256.',
          'The bank’s own signature over who approved, when, and what: an id_token whose nonce is the SHA-256 of the order.',
        ),
        exchanges,
      })
    }
    <section>
      <h2>${t('På kommandoraden', 'On the command line')}</h2>
      ${commandPart(visit, commands)}
    </section>`;
  return page(visit, { room: 'auditor', title: t('Underskrifter', 'Signatures'), name: bank.auditorName, main });
}

function statePart(visit: Visit, { exportId, refusal }: SignatureOrder, body: Readonly<Record<string, unknown>>): Html {
  const { t, language } = visit;
  const state = textOrEmpty(body['state']);
  const { expected } = (body['progress'] ?? {}) as { readonly expected?: number };
  return html`<section class="next">
    <h2>${titles[state]?.[language] ?? state}</h2>
    ${
      refusal !== undefined &&
      html`<p class="bad">
        <strong>${refusals[refusal]?.[language] ?? t('Nekad', 'Refused')}</strong> <code>${refusal}</code>
      </p>`
    }
    ${facts([
      [t('Beställning', 'Order'), html`<code>${exportId}</code>`],
      [t('Ändamål', 'Purpose'), `${textOrEmpty(body['purpose'])}, ${textOrEmpty(body['caseReference'])}`],
      [t('Samtycken', 'Consents'), String(expected ?? '')],
    ])}
    ${next(visit, exportId, state)}
  </section>`;
}

function next({ t }: Visit, exportId: string, state: string): Html {
  const path = `/auditor/orders/${exportId}`;
  if (state === 'awaiting-approval')
    return html`<form method="post" action="${path}">
      <button>${t('Godkänn som en annan anställd', 'Approve as another employee')}</button>
    </form>`;
  if (state === 'ready')
    return html`<p><a class="button" href="${path}/content" download>${t('Hämta', 'Download')}</a></p>`;
  return html`<p><a class="button second" href="${path}">${t('Se efter igen', 'Look again')}</a></p>`;
}

const titles: Words = {
  'awaiting-approval': { sv: 'Väntar på godkännande', en: 'Awaits approval' },
  waiting: { sv: 'Godkänd, väntar på sin tur', en: 'Approved, waits for its turn' },
  running: { sv: 'Skrivs', en: 'Being written' },
  ready: { sv: 'Klar att hämta', en: 'Ready to download' },
  failed: { sv: 'Misslyckades', en: 'Failed' },
  expired: { sv: 'Har gått ut', en: 'Has expired' },
  deleted: { sv: 'Borttagen', en: 'Deleted' },
};

const refusals: Words = {
  'approval.own-order': {
    sv: 'Den som beställer kan inte också godkänna.',
    en: 'The person who orders cannot also approve.',
  },
  'approval.not-approver': { sv: 'Den anställda får inte godkänna.', en: 'The employee may not approve.' },
};
