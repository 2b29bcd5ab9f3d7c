import type { FindingRow, Mark } from '../bundle/describe-findings.ts';
import type { Language } from '../design/language.ts';
import { languages, type ReportPhrases } from '../evidence-files/report-phrases.ts';
import { capital, clean, findSignedFacts, sentence } from '../evidence-files/report-text.ts';
import { formatSwedishTime } from '../kernel/clock.ts';
import { html, type Html } from '../kernel/web/html.ts';
import { SOFTWARE_VERSION } from '../kernel/version.ts';
import { formatSignedMoney } from '../payment/visible-text.ts';
import type { Report } from '../verification/report.ts';
import { findingList } from './finding-list.ts';
import { icon, markOf } from './mark.ts';
import type { ShownFile } from './report.ts';
import { row, section } from './signed-facts.ts';
import { pageWords, type PageWords } from './words.ts';

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** Several evidences that were verified together. */
export interface ShownMany {
  /** The worst verdict of all; undefined where there is no evidence. */
  readonly verdict: Verdict | undefined;
  /** Whether there is none because the format of the export has no signatures. */
  readonly isUnsigned: boolean;
  /** What the whole comes to, with what stands around the evidences. */
  readonly mark: Exclude<Mark, 'none'>;
  readonly environments: ReadonlySet<Report['environment']>;
  /** Of the seal of an export, and its time. */
  readonly findings: readonly FindingRow[];
  /** Whether an export has all that it should, in a line. */
  readonly completeness: readonly string[];
  /** What does not agree, or is missing: a sentence each. */
  readonly warnings: readonly string[];
  readonly evidences: readonly ShownEvidence[];
  readonly file: ShownFile | undefined;
  readonly at: Date;
  readonly policy: string;
}

/** A line of the table. It names no person. */
export interface ShownEvidence extends Partial<Verdict> {
  /** The folder or file. */
  readonly label: string;
  readonly mark: Exclude<Mark, 'none'>;
  readonly amount: string | undefined;
  readonly payee: string | undefined;
  /** In Swedish time. */
  readonly signedAt: string | undefined;
  /** Why there is no verdict, or what is wrong around a bundle. */
  readonly note: string | undefined;
}

interface Context {
  readonly shown: ShownMany;
  readonly language: Language;
  readonly words: PageWords;
  readonly phrases: ReportPhrases;
}

/** The line of an evidence with a verdict. @param outcome of what stands around it */
export function shownEvidence(
  label: string,
  report: Report,
  language: Language,
  around: { readonly mark: Exclude<Mark, 'none'>; readonly note: string | undefined },
): ShownEvidence {
  const { indication, subIndication, matches, signedAt } = report;
  const { consent } = findSignedFacts(report);
  const mark = matches === 'no' ? 'bad' : markOf[indication];
  return {
    ...{ label, indication, subIndication, matches },
    mark: worst(mark, around.mark),
    amount: consent && formatSignedMoney(consent.initiation.instructedAmount, language),
    payee: consent?.initiation.creditorName,
    signedAt: signedAt === null ? undefined : formatSwedishTime(new Date(signedAt)),
    note: around.note,
  };
}

const order = ['good', 'open', 'bad'] as const;

/** The graver of two marks. */
export function worst(one: Exclude<Mark, 'none'>, other: Exclude<Mark, 'none'>): Exclude<Mark, 'none'> {
  return order[Math.max(order.indexOf(one), order.indexOf(other))] ?? 'bad';
}

/** The report on several evidences: what they come to, what is wrong, who sealed them, and a line for each. */
export function manySection(shown: ShownMany, language: Language): Html {
  const context = { shown, language, words: pageWords[language], phrases: languages[language] };
  return html`<article id="report" data-mark="${shown.mark}" aria-labelledby="verdict">
    ${verdict(context)} ${warnings(context)} ${around(context)} ${table(context)} ${about(context)}
  </article>`;
}

function verdict({ shown, words, phrases }: Context): Html {
  const { verdict: found, isUnsigned, mark, environments, evidences } = shown;
  const flag = environments.has('unpinned') ? 'unpinned' : environments.has('test') ? 'test' : undefined;
  return html`<div class="verdict ${mark}">
    ${icon(mark)}
    <div>
      <p class="word">${found ? wordOf(found) : isUnsigned ? phrases.noSignatures : phrases.noEvidence}</p>
      <h2 id="verdict" tabindex="-1">
        ${isUnsigned && mark === 'good' ? words.many.unsigned : words.many.verdicts[mark]}
      </h2>
      <p>${sentence(phrases.examined(evidences.length))}</p>
      ${flag !== undefined && html`<p class="flag">${words.flags[flag]}</p>`}
    </div>
  </div>`;
}

function wordOf({ indication, subIndication }: Partial<Verdict>): string {
  return subIndication === null || subIndication === undefined
    ? (indication ?? '')
    : `${indication ?? ''} / ${subIndication}`;
}

function warnings({ shown, words }: Context): Html | undefined {
  if (shown.warnings.length === 0) return undefined;
  return section(
    words.many.warnings,
    html`<ul>
      ${shown.warnings.map((warning) => html`<li>${sentence(clean(warning))}</li>`)}
    </ul>`,
  );
}

function around({ shown, words }: Context): Html | undefined {
  if (shown.findings.length === 0) return undefined;
  return section(
    words.many.around,
    html`${findingList(shown.findings, words)}
    ${shown.completeness.map((line) => html`<p>${sentence(capital(clean(line)))}</p>`)}`,
  );
}

function table({ shown, words: { many: words }, phrases }: Context): Html {
  return section(
    words.evidences,
    html`<table class="evidences">
      <thead>
        <tr>
          ${words.columns.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.evidences.map((one) => line(one, phrases))}
      </tbody>
    </table>`,
  );
}

function line(one: ShownEvidence, phrases: ReportPhrases): Html {
  const { label, mark, matches, amount, payee, signedAt, note } = one;
  return html`<tr class="${mark}">
    <th scope="row"><code>${clean(label)}</code></th>
    <td>
      ${icon(mark)} ${wordOf(one)}
      ${matches !== undefined && html`<span class="fine">${phrases.matches}: ${phrases.matchInList[matches]}</span>`}
      ${note !== undefined && html`<span class="fine">${sentence(clean(note))}</span>`}
    </td>
    <td class="number">${amount}</td>
    <td>${payee !== undefined && html`<bdi>${clean(payee)}</bdi>`}</td>
    <td>${signedAt}</td>
  </tr>`;
}

function about({ shown, words }: Context): Html {
  const { file, policy } = shown;
  return section(
    words.details,
    html`<dl class="letter small">
      ${row(words.about.file, file && html`<code>${file.sha256}</code>`)}
      ${row(words.about.bytes, file && String(file.size))} ${row(words.about.software, `Sigill ${SOFTWARE_VERSION}`)}
      ${row(words.about.policy, policy)}
    </dl>`,
  );
}
