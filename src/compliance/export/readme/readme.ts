import type { Language } from '../../../design/language.ts';
import { momentText } from '../../../design/moment.ts';
import { standaloneDocument } from '../../../design/standalone.ts';
import { documentStyle, stylesheet } from '../../../design/assets.ts';
import { html, type Html } from '../../../kernel/web/html.ts';
import type { Money } from '../../../payment/money.ts';
import { formatSignedMoney } from '../../../payment/visible-text.ts';
import { purposeWords } from '../../../uploads/purpose-words.ts';
import { needsApproval } from '../../export-request.ts';
import { checkSection } from './check-section.ts';
import type { ExportFacts } from './facts.ts';
import { readmeWords, type ReadmeWords } from './words.ts';

const css = stylesheet(documentStyle, new URL('readme.css', import.meta.url));

/** What a part of the page needs. */
interface Context {
  readonly facts: ExportFacts;
  readonly language: Language;
  readonly words: ReadmeWords;
}

/**
 * README.html of an export, in Swedish and in English: what it is, who ordered it and why, how much it holds, what is left out, what
 * each file is, how to check it, and how long it is kept. It loads nothing and runs nothing. The same facts give the same bytes.
 * @param files the names of what stands beside the folders, in any order
 */
export function exportReadme(facts: ExportFacts, files: readonly string[]): Buffer {
  const page = standaloneDocument(
    {
      language: 'sv',
      title: readmeWords.sv.title,
      view: 'readme',
      isWide: true,
      testBanner: facts.environment === 'production' ? undefined : readmeWords.sv.testBanner,
      otherLanguage: '#english',
      main: html`${article(facts, files, 'sv')} ${article(facts, files, 'en')}`,
    },
    css,
  );
  return Buffer.from(page, 'utf8');
}

function article(facts: ExportFacts, files: readonly string[], language: Language): Html {
  const words = readmeWords[language];
  const context = { facts, language, words };
  return html`<article lang="${language}" id="${language === 'sv' ? 'svenska' : 'english'}">
    <h1>${words.title}</h1>
    ${facts.environment !== 'production' && html`<p class="flag">${words.testBanner}</p>`}
    <p class="lead">${words.lead[facts.format]}</p>
    <p>${words.personal}</p>
    ${order(context)} ${filter(context)} ${totals(context)} ${omitted(context)} ${fileTable(context, files)}
    ${checkSection(facts, files, words)} ${kept(context)}
  </article>`;
}

function order({ facts, language, words: { order: words } }: Context): Html {
  const at = (moment: Date): string => momentText(moment, language);
  return html`<section>
    <h2>${words.title}</h2>
    <dl class="letter">
      ${row(words.id, html`<code>${facts.exportId}</code>`)} ${row(words.by, facts.requestedBy)}
      ${row(words.why, purposeOf(facts.purpose, language))} ${row(words.caseReference, facts.caseReference)}
      ${row(words.orderedAt, facts.orderedAt && at(facts.orderedAt))} ${row(words.madeAt, at(facts.at))}
      ${row(words.approval, approvalOf(facts, words, at))} ${row(words.software, `Sigill ${facts.softwareVersion}`)}
      ${row(words.environment, facts.environment)}
    </dl>
  </section>`;
}

/** In words, where it is one of the closed list. */
function purposeOf(purpose: string, language: Language): string {
  return new Map(Object.entries(purposeWords[language])).get(purpose) ?? purpose;
}

function approvalOf(facts: ExportFacts, words: ReadmeWords['order'], at: (moment: Date) => string): string {
  const { approval, breakGlassCase, format, filter } = facts;
  if (approval) return words.approvedBy(approval.issuer, at(approval.at));
  if (breakGlassCase !== undefined) return words.breakGlass(breakGlassCase);
  return needsApproval({ format, consentId: filter.consent }) ? words.notAsked : words.notNeeded;
}

function filter({ facts, language, words: { filter: words, states } }: Context): Html {
  const { from, to, days, tpp, bank, consent, reference, payer } = facts.filter;
  return html`<section>
    <h2>${words.title}</h2>
    <dl class="letter">
      ${row(words.period, words.periodOf(momentText(from, language), momentText(to, language)))}
      ${row(words.days, days && words.daysOf(days.first, days.last))} ${row(words.bank, bank ?? words.everyBank)}
      ${row(words.tpp, tpp)} ${row(words.consent, consent)} ${row(words.reference, reference)}
      ${row(words.payer, payer ? words.payerNamed : undefined)}
      ${row(words.states, listOf(facts.filter.states.map((state) => stateOf(state, states))))}
    </dl>
  </section>`;
}

function listOf(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join('; ');
}

function stateOf(state: string, words: ReadmeWords['states']): string {
  return words[state] ?? state;
}

function totals({ facts, language, words: { totals: words, states } }: Context): Html {
  const line = (label: string, count: number, sums: readonly Money[]): Html =>
    html`<tr>
      <th scope="row">${label}</th>
      <td class="number">${count}</td>
      <td class="number">
        ${sums.length === 0 ? words.none : sums.map((sum) => html`<div>${formatSignedMoney(sum, language)}</div>`)}
      </td>
    </tr>`;
  return html`<section>
    <h2>${words.title}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.state}</th>
          <th scope="col" class="number">${words.count}</th>
          <th scope="col" class="number">${words.sum}</th>
        </tr>
      </thead>
      <tbody>
        ${facts.states.map(({ state, count, sums }) => line(stateOf(state, states), count, sums))}
      </tbody>
      <tfoot>
        ${line(words.all, facts.count, facts.sums)}
      </tfoot>
    </table>
  </section>`;
}

function omitted({ facts, words: { omitted: words } }: Context): Html {
  const { ledger, erased } = facts;
  const reasons = Object.entries(ledger?.omitted ?? {}).filter(([, count]) => count > 0);
  return html`<section>
    <h2>${words.title}</h2>
    <p>${words.erased(erased)}</p>
    <p>${ledger ? words.ledger(ledger.first, ledger.last, ledger.exported) : words.unknown}</p>
    ${ledger && reasons.length === 0 && html`<p>${words.nothing}</p>`}
    ${
      reasons.length > 0 &&
      html`<dl class="letter">
        ${reasons.map(([reason, count]) => row(`${words.reason} ${words.reasons[reason] ?? reason}`, String(count)))}
      </dl>`
    }
  </section>`;
}

function fileTable({ facts, words: { files: words } }: Context, files: readonly string[]): Html {
  const beside = Object.entries(words.beside).filter(([name]) => files.includes(name));
  const inFolders = words.folder[facts.format].map(
    ([names, what]) => [`*/${names.replaceAll(', ', ', */')}`, what] as const,
  );
  return html`<section>
    <h2>${words.title}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.file}</th>
          <th scope="col">${words.what}</th>
        </tr>
      </thead>
      <tbody>
        ${[...beside, ...inFolders].map(
          ([name, what]) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              <td>${what}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function kept({ facts, words: { kept: words } }: Context): Html {
  const [ofOrder, ...others] = words.sentences;
  const sentences = facts.orderedAt && ofOrder !== undefined ? [ofOrder, ...others] : others;
  return html`<section>
    <h2>${words.title}</h2>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`;
}

/** Label and value; nothing where there is no value. */
function row(label: string, value: Html | string | undefined): Html | undefined {
  if (value === undefined) return undefined;
  return html`<div>
    <dt>${label}</dt>
    <dd>${typeof value === 'string' ? html`<bdi>${value}</bdi>` : value}</dd>
  </div>`;
}
