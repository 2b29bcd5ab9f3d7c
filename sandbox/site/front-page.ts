import { html, type Html } from '../../src/kernel/web/html.ts';
import { page, type Visit } from './frame.ts';

export interface SiteLinks {
  readonly appUrl: string;
  readonly issuer: string;
  readonly rpUrl: string;
  readonly metricsUrl: string;
  /** Where keys and data are kept. */
  readonly folder: string;
}

/** The first page: what Sigill is, and the four doors. */
export function frontPage(visit: Visit, { appUrl, issuer }: SiteLinks): Html {
  const { t } = visit;
  const main = html`<p class="lead">
      ${t(
        'Med Sigill godkänner en betalare exakt en betalning genom att skriva under den med BankID. Underskriften verifieras och sparas som bevis, och först då får betaltjänsten en token som gäller för just den betalningen, en gång. Här kan du prova hela kedjan: personer, företag och banker är påhittade, men varje steg är ett riktigt anrop till den riktiga tjänsten.',
        'With Sigill, a payer approves exactly one payment by signing it with BankID. The signature is verified and kept as evidence, and only then does the payment provider get a token that is good for that payment, once. Here you can try the whole chain: people, companies and banks are invented, but each step is a real request to the real service.',
      )}
    </p>
    <ol class="doors">
      ${doorsOf(visit).map(
        ([href, name, who, text]) =>
          html`<li>
            <a class="door ${href.slice(1)}" href="${href}">
              <strong>${name}</strong> <span>${who}</span>
              <span class="what">${text}</span>
            </a>
          </li>`,
      )}
    </ol>
    <p class="note">
      ${t('Du skriver under i', 'You sign in')}
      <a href="${appUrl}">${t('den låtsade BankID-appen', 'the pretend BankID app')}</a>${t('; dess', '; its')}
      <a href="${appUrl}scenarios">${t('scenarier', 'scenarios')}</a>
      ${t('spelar upp hur en betalning annars kan sluta.', 'play how else a payment can end.')}
      ${t('API:et beskrivs på', 'The API is described at')} <a href="${issuer}/docs">${issuer}/docs</a>.
    </p>`;
  return page(visit, {
    room: 'front',
    title: t('Välkommen till sandlådan', 'Welcome to the sandbox'),
    name: 'Sigill',
    main,
  });
}

function doorsOf({ t }: Visit): readonly (readonly [string, string, string, string])[] {
  return [
    [
      '/shop',
      t('Butiken', 'The shop'),
      t('Du är betalare och betaltjänst', 'You are the payer and the payment provider'),
      t('Betala en faktura eller logga in, med BankID.', 'Pay an invoice or log in, with BankID.'),
    ],
    [
      '/bank',
      t('Banken', 'The bank'),
      t('Du är betalarens bank', "You are the payer's bank"),
      t(
        'Läs vad en token gäller, förbruka samtycket, och se en andra gång nekas.',
        'Read what a token is good for, consume the consent, and see a second time refused.',
      ),
    ],
    [
      '/auditor',
      t('Revisorn', 'The auditor'),
      t('Du granskar i efterhand', 'You look at it afterwards'),
      t(
        'Ladda ned bevis och rapport, verifiera dem själv, och läs händelseloggen.',
        'Download evidence and report, verify them yourself, and read the audit trail.',
      ),
    ],
    [
      '/operator',
      t('Driften', 'The operator'),
      t('Du kör tjänsten', 'You run the service'),
      t('Status, mätvärden, loggar, nycklar och kommandon.', 'Health, metrics, logs, keys and commands.'),
    ],
  ];
}
