import type { ConsentTimeline } from '../../src/compliance/audit-reading.ts';
import { languages as phrases } from '../../src/evidence-files/report-phrases.ts';
import { formatReport } from '../../src/evidence-files/report-text.ts';
import { html, type Html } from '../../src/kernel/web/html.ts';
import type { Report } from '../../src/verification/report.ts';
import { titleOf } from '../shop/pages.ts';
import type { SignedPayment } from '../shop/payments.ts';
import { commandOf } from '../site/command.ts';
import { downloadsPart } from '../site/downloads-part.ts';
import { commandPart, stepPart } from '../site/exchange-part.ts';
import { amountText, page, type Visit } from '../site/frame.ts';
import type { SiteLinks } from '../site/front-page.ts';
import { masked } from '../site/mask.ts';
import type { SiteBank } from '../site/parties.ts';
import type { Reading } from './desk.ts';
import { credentialsOf, orderForm } from './order-form.ts';
import { signaturesPart } from './signature-order-pages.ts';
import type { SignatureOrder } from './signature-orders.ts';

/** A line of the report with a name in its first column. */
const ROW = /^(?! {2}[|-]).{14} {2}\S/;

/** What an auditor can look at: the evidence of each payment, and an export of a period. */
export function auditListPage(
  visit: Visit,
  signed: readonly SignedPayment[],
  banks: readonly SiteBank[],
  links: SiteLinks,
  orders: readonly SignatureOrder[],
): Html {
  const { t } = visit;
  const today = new Date().toISOString().slice(0, 10);
  const rows = signed.map(
    (payment) =>
      html`<li>
        <a href="/auditor/${payment.state}">${titleOf(visit, payment.invoice)}</a>
        <span>${amountText(visit, payment.invoice.payment.instructedAmount)}</span>
        <span class="note">${payment.bank.name}</span>
      </li>`,
  );
  const main = html`<p class="lead">
      ${t(
        'En revisor läser en banks bevis, och anger varför. Läsningen antecknas.',
        'An auditor reads the evidence of a bank, and says why. The reading is recorded.',
      )}
    </p>
    <section>
      <h2>${t('Underskrivna betalningar', 'Signed payments')}</h2>
      ${
        rows.length === 0
          ? html`<p>
              ${t('Inga än.', 'None yet.')}
              <a href="/shop">${t('Gör en betalning i butiken', 'Make a payment in the shop')}</a>
            </p>`
          : html`<ul class="rows">
              ${rows}
            </ul>`
      }
    </section>
    ${exportPart(visit, banks, links, today)} ${signaturesPart(visit, banks, orders, today)}`;
  return page(visit, { room: 'auditor', title: t('Granskning', 'Audit'), name: t('Revisorn', 'The auditor'), main });
}

function exportPart(visit: Visit, banks: readonly SiteBank[], links: SiteLinks, today: string): Html {
  const { t } = visit;
  return html`<section>
    <h2>${t('En period', 'A period')}</h2>
    <p>
      ${t(
        'Listan över alla underskrivna samtycken sedan en dag, utan underskrifter: revisorn beställer den hos tjänsten. Det tar en halv minut, för betalningar som just sparas väntas in.',
        'The list of all consents that were signed since a day, without signatures: the auditor orders it from the service. It takes half a minute, because payments that are just being stored are waited for.',
      )}
    </p>
    ${orderForm(visit, banks, {
      action: '/auditor/export',
      day: today,
      caseReference: 'FI/2026-117',
      button: t('Beställ listan', 'Order the list'),
    })}
    <p>${t('Samma sak på kommandoraden:', 'The same on the command line:')}</p>
    ${commandPart(
      visit,
      `${credentialsOf(links, 'exempelrevision')}
npm run -s sigill -- export --from ${today}T00:00:00Z --to "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --purpose audit --case FI/2026-117 --out list.zip`,
    )}
  </section>`;
}

/** The evidence of one consent on the command line, and its verification. */
function consentExportPart(visit: Visit, { bank, token }: SignedPayment, links: SiteLinks): Html {
  const { t } = visit;
  const command = `${credentialsOf(links, bank.auditor.party.client.id)}
folder=$(mktemp -d)
npm run -s sigill -- export --consent ${token.consentId} --purpose complaint --case FI/2026-117 --out "$folder/export.zip"
unzip -q "$folder/export.zip" -d "$folder"
openssl pkcs7 -inform DER -in "$folder/manifest.p7s" -print_certs -out "$folder/seal.pem"
npm run -s sigill -- verify "$folder/export.zip" --trust-unpinned "$(find "$folder" -name bankid-root.pem)" \\
  --seal-trust "$folder/seal.pem" --tsa-trust "$folder/seal.pem"`;
  return html`<section>
    <h2>${t('Exportera beviset', 'Export the evidence')}</h2>
    <p>
      ${t(
        'Revisorn beställer beviset för ett namngivet samtycke, hämtar det och kontrollerar filen på sin egen dator.',
        'The auditor orders the evidence of one consent by its id, downloads it, and verifies the file on a computer of her own.',
      )}
    </p>
    ${commandPart(visit, command)}
  </section>`;
}

export interface AuditedPayment {
  readonly payment: SignedPayment;
  readonly reading: Reading | undefined;
  readonly trail: ConsentTimeline | undefined;
}

/** The evidence of one payment, verified by its auditor, and the trail of its consent. */
export function auditPage(visit: Visit, { payment, reading, trail }: AuditedPayment, links: SiteLinks): Html {
  const { t } = visit;
  const { state, bank, token } = payment;
  const main = html`${
    reading
      ? stepPart(visit, {
          title: t('Underskriften, kontrollerad på nytt', 'The signature, verified again'),
          text: html`<strong class="${reading.answer.status < 400 ? 'good' : 'bad'}"
            >${String(reading.answer.body['indication'] ?? reading.answer.body['title'])}</strong
          >`,
          exchanges: reading.exchanges,
          command: commandOf(reading.exchanges, links),
        })
      : html`<section class="next">
          <h2>${t('Kontrollera underskriften', 'Verify the signature')}</h2>
          <p>
            ${t(
              `${bank.auditorName} läser beviset hos ${bank.name} och låter kontrollera det på nytt.`,
              `${bank.auditorName} reads the evidence of ${bank.name} and has it verified again.`,
            )}
          </p>
          <form method="post" action="/auditor/${state}"><button>${t('Kontrollera', 'Verify')}</button></form>
        </section>`
  }
  ${downloadsPart(visit, `/auditor/${state}`, links)} ${trail && trailPart(visit, trail, token.consentId)}
  ${consentExportPart(visit, payment, links)}`;
  const title = titleOf(visit, payment.invoice);
  return page(visit, { room: 'auditor', title, name: bank.auditorName, main });
}

function trailPart(visit: Visit, trail: ConsentTimeline, consentId: string): Html {
  const { t } = visit;
  return html`<section>
    <h2>${t('Händelseloggen', 'The audit trail')}</h2>
    <p>
      ${t(
        `Varje händelse är länkad till den föregående. Fel som hittades: ${trail.findings.length}.`,
        `Each event is linked to the one before it. Faults found: ${trail.findings.length}.`,
      )}
    </p>
    <ol class="trail">
      ${trail.events.map(
        ({ at, type, actor }) =>
          html`<li>
            <time datetime="${at}">${at.slice(11, 19)}</time> <code>${type}</code>
            <span class="note">${actor}</span>
          </li>`,
      )}
    </ol>
    ${commandPart(visit, `npm run -s sigill -- audit ${consentId}`)}
  </section>`;
}

/** The report for people, as `sigill verify` prints it; a long line goes on below its own beginning. */
export function reportPage(visit: Visit, payment: SignedPayment, report: Report): Html {
  const { t, language } = visit;
  const [verdict = '', ...lines] = masked(formatReport(report, phrases[language])).trimEnd().split('\n');
  const isGood = report.indication === 'TOTAL-PASSED' && report.matches !== 'no';
  const main = html`<section class="report">
    <p class="verdict ${isGood ? 'good' : 'bad'}">${verdict}</p>
    <pre>${lines.map((line) => html`<span class="${ROW.test(line) ? 'row' : 'line'}">${line || ' '}</span>`)}</pre>
  </section>`;
  return page(visit, { room: 'auditor', title: t('Rapporten', 'The report'), name: payment.bank.name, main });
}
