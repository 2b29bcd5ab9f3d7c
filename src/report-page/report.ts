import { describeFindings } from '../bundle/describe-findings.ts';
import type { EvidenceReport } from '../bundle/findings.ts';
import { findingPhrases } from '../bundle/finding-phrases.ts';
import { trustedRows } from '../bundle/format-evidence-report.ts';
import type { Language } from '../design/language.ts';
import { languages, type ReportPhrases } from '../evidence-files/report-phrases.ts';
import {
  capital,
  clean,
  findSignedFacts,
  maskedVisibleText,
  mismatchOf,
  phrasesOf,
  questionOf,
  reportRows,
  sentence,
} from '../evidence-files/report-text.ts';
import { html, type Html } from '../kernel/web/html.ts';
import { SOFTWARE_VERSION } from '../kernel/version.ts';
import { render } from '../verification/messages.ts';
import { findDecidingCheck, type CheckId, type WarningId } from '../verification/report.ts';
import { findingList } from './finding-list.ts';
import { icon, markOf } from './mark.ts';
import { moment, momentText } from '../design/moment.ts';
import { row, section, signedSection } from './signed-facts.ts';
import { pageWords, type PageWords } from './words.ts';

/** A report, and what a reader must know to repeat it. */
export interface ShownReport {
  /** With the personal number masked. */
  readonly report: EvidenceReport;
  /** Of the file that was verified; undefined for a folder, which has many. */
  readonly file: ShownFile | undefined;
  readonly at: Date;
  readonly policy: string;
}

export interface ShownFile {
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The rules of what this module makes, to stand behind those that all pages share. */
export const reportStyle = new URL('report.css', import.meta.url);

/** All that the parts of a report need. */
interface Context {
  readonly shown: ShownReport;
  readonly report: EvidenceReport;
  readonly language: Language;
  readonly words: PageWords;
  readonly phrases: ReportPhrases;
}

/** The report for people: what is wrong first, then the verdict, what was signed, what vouches for it, what was not checked. */
export function reportSection(shown: ShownReport, language: Language): Html {
  const { report } = shown;
  const phrases = phrasesOf(report, languages[language]);
  const context = { shown, report, language, words: pageWords[language], phrases };
  return html`<article id="report" data-indication="${report.indication}" aria-labelledby="verdict">
    ${alarms(context)} ${verdict(context)} ${signedSection(report, context)} ${whoAndWhen(context)} ${around(context)}
    ${unchecked(context)} ${limits(context)} ${visibleText(context)} ${checks(context)} ${about(context)}
    <p class="printed fine">${shown.file ? context.words.printed : context.words.printedOfFolder}</p>
  </article>`;
}

/** What is shown to be wrong, before a verdict on the signature that may be good in itself. */
function alarms({ report, words, phrases, language }: Context): readonly Html[] {
  const bad = describeFindings(report, findingPhrases[language]).filter(({ mark }) => mark === 'bad');
  return [
    ...(report.matches === 'no' ? [alarm(words.alarm[differenceOf(report)], whyNotMatching(report, phrases))] : []),
    ...bad.map(({ id, sentences }) => alarm(words.alarm[id], sentences.map(sentence))),
  ];
}

function differenceOf(report: EvidenceReport): 'differs' | 'not-meant' {
  return mismatchOf(report) === 'no-match' ? 'differs' : 'not-meant';
}

/** By the checks that compare the signature with what came with it. */
function whyNotMatching({ checks }: EvidenceReport, { checkMessages }: ReportPhrases): readonly string[] {
  const differing = checks.filter(
    ({ id, status }) => comparing.includes(id) && status !== 'passed' && status !== 'skipped',
  );
  return differing.map((check) => sentence(clean(render(checkMessages, check))));
}

const comparing: readonly CheckId[] = ['content', 'relying-party', 'signer', 'payer'];

function alarm(title: string, sentences: readonly string[]): Html {
  return html`<div class="verdict bad alarm">
    ${icon('bad')}
    <div>
      <p class="headline">${title}</p>
      ${sentences.map((one) => html`<p>${one}</p>`)}
    </div>
  </div>`;
}

function verdict({ report, words, phrases }: Context): Html {
  const { indication, subIndication, environment, scope, matches } = report;
  const mark = markOf[indication];
  const kind = scope === 'identification' ? 'identification' : 'signature';
  const isForOther = matches === 'no' && indication === 'INDETERMINATE';
  return html`<div class="verdict ${mark}">
    ${icon(mark)}
    <div>
      <p class="word">${indication}${subIndication !== null && html` <span>/ ${subIndication}</span>`}</p>
      <h2 id="verdict" tabindex="-1">${isForOther ? words.notForThis[kind] : words.verdicts[kind][mark]}</h2>
      ${!isForOther && html`<p>${summaryOf(report, words, phrases)}</p>`} ${whyNotPassed(report, phrases)}
      ${(environment === 'test' || environment === 'unpinned') && html`<p class="flag">${words.flags[environment]}</p>`}
    </div>
  </div>`;
}

/** What the check said that decided; an alarm has said it of those that compare. */
function whyNotPassed(report: EvidenceReport, { checkMessages }: ReportPhrases): Html | undefined {
  const deciding = findDecidingCheck(report);
  const check = report.checks.find(({ id }) => id === deciding);
  if (!check || (report.matches === 'no' && comparing.includes(check.id))) return undefined;
  return html`<p>${sentence(clean(render(checkMessages, check)))}</p>`;
}

function summaryOf({ indication, scope, checks }: EvidenceReport, words: PageWords, phrases: ReportPhrases): string {
  if (indication !== 'TOTAL-PASSED') return phrases.summary[indication];
  if (scope === 'signature') return words.onlySignature;
  return checks.some(({ status }) => status === 'skipped') ? words.passedWhatWasChecked : phrases.summary[indication];
}

function whoAndWhen({ report, words, phrases, language }: Context): Html {
  const { signer, signedAt } = report;
  const { consent, login } = findSignedFacts(report);
  const channel = login?.channel ?? (consent && 'channel' in consent ? consent.channel : undefined);
  return section(
    words.whoAndWhen,
    html`<dl class="letter">
      ${row(words.signer, signer ? `${signer.name}, ${signer.personalNumber}` : phrases.notEstablished)}
      ${row(words.signedAt, signedAt === null ? phrases.notProven : moment(new Date(signedAt), language))}
      ${row(words.requested, channel && sentence(phrases.channelOf(channel)))}
      ${signer !== null && row(words.payer, sentence(phrases.payerKinds[report.payer]))}
    </dl>`,
  );
}

function around({ report, words, language }: Context): Html {
  const phrases = findingPhrases[language];
  const timeOf = (time: string): string => momentText(new Date(time), language);
  return section(phrases.around, findingList(describeFindings(report, phrases, timeOf), words));
}

/** What was left unchecked, check by check with the reason, and what else the reader is warned of. */
function unchecked({ report, words, phrases }: Context): Html {
  const skipped = report.checks.filter(({ status }) => status === 'skipped');
  const items = skipped.map(
    (check) =>
      html`<li>
        ${sentence(words.whether[check.id])}
        <span class="fine">${sentence(clean(render(phrases.checkMessages, check)))}</span>
      </li>`,
  );
  const said = new Set(skipped.map(({ id }) => warningOf[id]));
  const others = report.warnings.filter((warning) => !said.has(warning));
  const list =
    items.length === 0
      ? html`<p>${words.allChecked}</p>`
      : html`<ul>
          ${items}
        </ul>`;
  const notes = html`<ul>
    ${others.map((warning) => html`<li>${sentence(phrases.warnings[warning])}</li>`)}
  </ul>`;
  return html`${section(words.unchecked, list)} ${others.length > 0 && section(words.noted, notes)}`;
}

/** The warning that says the same as a check that was not made. */
const warningOf: Partial<Record<CheckId, WarningId>> = {
  'relying-party': 'relying-party-unverified',
  receipt: 'receipt-time-not-compared',
  payer: 'payer-number-not-compared',
};

function limits({ phrases }: Context): Html {
  return section(
    phrases.limits,
    html`<ul>
      ${phrases.limit.map((one) => html`<li>${sentence(one)}</li>`)}
    </ul>`,
  );
}

function visibleText({ report, phrases }: Context): Html | undefined {
  const text = maskedVisibleText(report);
  if (text === null) return undefined;
  const lines = text.split('\n').map(clean).join('\n');
  return folded(phrases.text, html`<pre class="seen">${lines}</pre>`);
}

function checks({ report, words, phrases }: Context): Html {
  return folded(
    words.checks,
    html`<table>
      <thead>
        <tr>
          <th scope="col">${words.check}</th>
          <th scope="col">${words.result}</th>
        </tr>
      </thead>
      <tbody>
        ${report.checks.map(
          (check) =>
            html`<tr>
              <th scope="row">${sentence(questionOf(check.id, report, phrases))} <code>${check.id}</code></th>
              <td>
                ${words.statuses[check.status]}${
                  check.status !== 'passed' &&
                  html`<span class="fine">${sentence(render(phrases.checkMessages, check))}</span>`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

/** Everything that it takes to repeat the verification, and all that is established besides. */
function about({ shown, report, words, phrases, language }: Context): Html {
  const { file, at, policy } = shown;
  const finding = findingPhrases[language];
  const { subIndication } = report;
  return folded(
    words.details,
    html`<dl class="letter small">
      ${row(words.about.verdict, subIndication === null ? report.indication : `${report.indication} / ${subIndication}`)}
      ${row(words.about.verifiedAt, moment(at, language))}
      ${row(words.about.file, file && html`<code>${file.sha256}</code>`)}
      ${row(words.about.bytes, file && String(file.size))}
      ${row(capital(finding.container), finding.containers[report.container])}
      ${row(words.about.software, `Sigill ${SOFTWARE_VERSION}`)} ${row(words.about.policy, policy)}
      ${reportRows(report, phrases).map(([label, value]) => row(capital(label), value))}
      ${trustedRows(report.trusted, finding).map(([label, names]) => row(capital(`${finding.trusted}, ${label}`), names))}
    </dl>`,
  );
}

function folded(title: string, content: Html): Html {
  return html`<details>
    <summary><h3>${title}</h3></summary>
    ${content}
  </details>`;
}
