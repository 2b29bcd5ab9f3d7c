import type { FindingRow } from '../bundle/describe-findings.ts';
import { capital, sentence } from '../evidence-files/report-text.ts';
import { html, type Html } from '../kernel/web/html.ts';
import { icon } from './mark.ts';
import type { PageWords } from './words.ts';

/** Seal, ledger and time: a mark, its word and what it rests on. */
export function findingList(rows: readonly FindingRow[], { labels }: Pick<PageWords, 'labels'>): Html {
  return html`<dl class="findings">
    ${rows.map(
      ({ id, mark, state, sentences }) =>
        html`<div class="finding ${mark}" data-finding="${id}" data-state="${mark}">
          <dt>${icon(mark)} ${labels[id]}</dt>
          <dd>
            <strong>${capital(state)}</strong>
            ${sentences.map((one) => html`<p>${sentence(one)}</p>`)}
          </dd>
        </div>`,
    )}
  </dl>`;
}
