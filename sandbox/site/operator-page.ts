import { html, type Html } from '../../src/kernel/web/html.ts';
import { commandPart } from './exchange-part.ts';
import { facts, page, type Visit } from './frame.ts';
import type { SiteLinks } from './front-page.ts';

/** What the service's health check answered. */
export interface Health {
  readonly status: number;
  readonly details: Readonly<Record<string, { readonly status?: string }>>;
}

/** For those who run the service: is it well, where is everything, and the commands. */
export function operatorPage(visit: Visit, health: Health, links: SiteLinks): Html {
  const { t } = visit;
  const main = html`${healthPart(visit, health, links)} ${placesPart(visit, links)}
    <section>
      <h2>${t('Kommandon', 'Commands')}</h2>
      <p>${t('I projektets mapp, medan sandlådan går.', 'In the folder of the project, while the sandbox runs.')}</p>
      ${commandsOf(visit, links).map(
        ([what, command]) =>
          html`<h3>${what}</h3>
            ${commandPart(visit, command)}`,
      )}
    </section>`;
  return page(visit, { room: 'operator', title: t('Driften', 'Operations'), name: 'Sigill', main });
}

function healthPart(visit: Visit, { status, details }: Health, { issuer }: SiteLinks): Html {
  const { t } = visit;
  return html`<section>
    <h2>
      ${t('Status', 'Health')}:
      <span class="${status === 200 ? 'good' : 'bad'}"
        >${status === 200 ? t('redo', 'ready') : t('inte redo', 'not ready')}</span
      >
    </h2>
    ${facts(Object.entries(details).map(([name, { status: state = '' }]) => [name, state]))}
    ${commandPart(visit, `curl -s ${issuer}/health/ready`)}
  </section>`;
}

function placesPart({ t }: Visit, { issuer, metricsUrl, appUrl, rpUrl, folder }: SiteLinks): Html {
  const link = (address: string): Html => html`<a href="${address}">${address}</a>`;
  return html`<section>
    <h2>${t('Var allt finns', 'Where everything is')}</h2>
    ${facts([
      [t('Tjänsten', 'The service'), html`<code>${issuer}</code>`],
      [t('Beskrivning av API:et', 'API reference'), link(`${issuer}/docs`)],
      [t('Felkoder och deras åtgärder', 'Error codes and remedies'), link(`${issuer}/problems`)],
      [t('Mätvärden', 'Metrics'), link(metricsUrl)],
      [t('Verifiera bevis', 'Verify evidence'), link(`${issuer}/verify`)],
      [t('Den låtsade BankID-appen', 'The pretend BankID app'), link(appUrl)],
      [t('BankID-simulatorn (mTLS)', 'The BankID simulator (mTLS)'), html`<code>${rpUrl}</code>`],
      [t('Nycklar, registreringar och databas', 'Keys, registrations and database'), html`<code>${folder}</code>`],
      [
        t('Loggar', 'Logs'),
        t(
          'skrivs i terminalen där sandlådan startades, en rad JSON för varje händelse',
          'are written in the terminal where the sandbox was started, one line of JSON for each event',
        ),
      ],
    ])}
  </section>`;
}

function commandsOf({ t }: Visit, { issuer, metricsUrl }: SiteLinks): readonly (readonly [string, string])[] {
  return [
    [t('Mätvärden', 'Metrics'), `curl -s ${metricsUrl} | grep '^sigill_'`],
    [t('Är alla händelseloggar hela?', 'Are all audit trails whole?'), 'npm run -s sigill -- audit --verify'],
    [
      t('Kontrollera allt som är sparat i en period', 'Check what is stored of a period'),
      'npm run -s sigill -- reverify --from 2026-01-01 --to 2100-01-01',
    ],
    [
      t('Stämmer liggaren med databasen?', 'Does the ledger agree with the database?'),
      'npm run -s sigill -- ledger fsck',
    ],
    [
      t('Vad en bank behöver för att följa liggaren', 'What a bank needs to follow the ledger'),
      'npm run -s sigill -- ledger status',
    ],
    [
      t(
        'En banks bevis utan revisor och godkännande: när det brinner',
        "A bank's evidence without auditor and approval: break glass",
      ),
      'npm run -s sigill -- export --break-glass KRIS/1 --bank exempelbanken --from 2026-01-01 --to 2100-01-01 --out export.zip',
    ],
    [t('Vem frågar i telefonsamtal?', 'Who asks in phone calls?'), 'npm run -s sigill -- phone-orders'],
    [
      t('Samtycken, direkt ur databasen', 'Consents, straight from the database'),
      'npm run -s sql -- "select state, count(*) from consent group by state"',
    ],
    [t('En hel betalning utan webbläsare', 'A whole payment without a browser'), 'npm run -s sigill -- demo'],
    [t('Tjänstens nycklar', "The service's keys"), `curl -s ${issuer}/jwks`],
  ];
}
