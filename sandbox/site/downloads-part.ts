import { html, type Html } from '../../src/kernel/web/html.ts';
import type { Visit } from './frame.ts';
import type { SiteLinks } from './front-page.ts';

/** The evidence and the report of a payment, which are served below `base`. */
export function downloadsPart({ t }: Visit, base: string, { issuer }: SiteLinks): Html {
  return html`<section>
    <h2>${t('Bevis och rapport', 'Evidence and report')}</h2>
    <p>
      ${t(
        'Underskriften, OCSP-svaret och allt som behövs för att kontrollera dem utan oss, också om tio år.',
        'The signature, the OCSP response and all that is needed to check them without us, in ten years too.',
      )}
    </p>
    <ul class="files">
      <li><a href="${base}/evidence.zip" download>${t('Bevismappen', 'The evidence folder')} (ZIP)</a></li>
      <li>
        <a href="${base}/evidence.asice" download>
          ${t('Det förseglade beviset, med plats i bankens liggare', 'The sealed evidence, with its place in the ledger')}
          (ASiC-E)
        </a>
      </li>
      <li><a href="${base}/report">${t('Rapporten i ord', 'The report in words')}</a></li>
      <li>
        <a href="${base}/report.json" download>${t('Rapporten för program', 'The report for programs')} (JSON)</a>
      </li>
    </ul>
    <p class="note">
      ${t('Släpp ZIP-filen på', 'Drop the ZIP on')}
      <a href="${issuer}/verify">${t('verifieringssidan', 'the verify page')}</a>
      ${t('eller packa upp den och kör', 'or unpack it and run')} <code>sh verify.sh</code>.
    </p>
  </section>`;
}
