import { hash } from 'node:crypto';
import { describeFindings } from '../bundle/describe-findings.ts';
import { findingPhrases } from '../bundle/finding-phrases.ts';
import type { EvidenceReport } from '../bundle/findings.ts';
import { findObject } from '../crypto/json/canonical-json.ts';
import type { Files } from '../evidence-files/folder-checks.ts';
import { capital, clean, maskedVisibleText, questionOf, sentence } from '../evidence-files/report-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.ts';
import { SOFTWARE_VERSION } from '../kernel/version.ts';
import { render } from '../verification/messages.ts';
import {
  beginPaper,
  identityRows,
  knownRows,
  momentOf,
  signedSections,
  type PaperContext,
  type PaperLanguage,
  type VerifiedEvidence,
} from './begin-paper.ts';
import type { PaperAttachment } from './attachment.ts';
import { colours } from './layout/paper.ts';
import { casePhrases, type CasePhrases } from './phrases/case-phrases.ts';
import { eidas26, psd72, type Statement, type StatementId } from './phrases/statements.ts';

interface CaseContext extends PaperContext {
  readonly files: Files;
  readonly report: EvidenceReport;
  readonly says: CasePhrases;
}

const UNMASKED = { weight: 'semibold', colour: colours.warning, after: 4 } as const;
const NOTE = { size: 9, colour: colours.quiet } as const;

/**
 * A paper for those who decide whether a payment was authorised: PDF/A-2b, tagged, the personal number masked. Each statement of law
 * names the files that show it and the checks that test them, or says that nothing here shows it. The same evidence and the same
 * trust always give the same bytes.
 * @param language that in which the payer signed, unless it is given
 * @param attachment the evidence itself, in which nothing is masked: the paper is then a PDF/A-3b, and says so
 * @throws NoPaper
 */
export function makeCasePaper(
  evidence: VerifiedEvidence<EvidenceReport>,
  language?: PaperLanguage,
  attachment?: PaperAttachment,
): Promise<Buffer> {
  const begun = beginPaper(evidence, (chosen) => casePhrases[chosen].title, language, attachment);
  const context = { ...begun, ...evidence, says: casePhrases[begun.language] };
  const { paper, says, phrases } = context;
  paper.paragraph(says.lead, { size: 11, after: 4 });
  if (attachment) paper.paragraph(says.attached(attachment.name), UNMASKED);
  verdict(context);
  signedSections(context);
  textThatWasRead(context);
  recorded(context);
  law(context);
  around(context);
  everyCheck(context);
  paper.heading(2, says.repeat);
  paper.bullets(says.steps);
  paper.heading(2, says.add);
  paper.bullets(says.bankAdds);
  paper.heading(2, says.limits);
  paper.bullets(phrases.limit.map(sentence));
  folder(context);
  return paper.end();
}

function verdict(context: CaseContext): void {
  const { paper, says, report } = context;
  paper.heading(2, says.verdict);
  paper.paragraph(says.passed);
  knownRows(paper, [
    [says.verdictIs, report.indication],
    [says.root, report.trustAnchor ?? undefined],
    [says.software, `Sigill ${SOFTWARE_VERSION}`],
    ...identityRows(context),
  ]);
}

/** On one page, if it has room on one. */
function textThatWasRead({ paper, says, report }: CaseContext): void {
  const lines = (maskedVisibleText(report) ?? '').split('\n').map((line) => (line === '' ? ' ' : line));
  const height = lines.reduce((sum, line) => sum + paper.heightOf(line, paper.width), 60);
  paper.need(Math.min(height, 500));
  paper.heading(2, says.read);
  for (const line of lines) paper.paragraph(line, { after: 0 });
  paper.space(4);
  paper.paragraph(says.readNote, NOTE);
}

/** What the service recorded; a member that is missing or of another form has no row. */
function recorded({ paper, says, phrases, report, files }: CaseContext): void {
  const circumstances = findObject(files.get('circumstances.json'));
  const order = memberOf(circumstances, 'order');
  const service = memberOf(circumstances, 'service');
  const { facts } = says;
  const offset = memberOf(service, 'healthAt')?.['bankidOffsetMs'];
  paper.heading(2, says.recorded);
  paper.paragraph(says.recordedNote, NOTE);
  knownRows(paper, [
    [facts.ordered, textOf(order?.['startedAt'])],
    [facts.received, textOf(order?.['receivedAt'])],
    [facts.device, report.relay && capital(phrases.bindings[report.relay.binding])],
    [facts.risk, report.relay && phrases.riskOf(report.relay.risk)],
    [facts.version, textOf(service?.['softwareVersion'])],
    [facts.build, textOf(service?.['buildDigest'])],
    [facts.clock, typeof offset === 'number' ? says.milliseconds(offset) : undefined],
  ]);
}

function law(context: CaseContext): void {
  const { paper, says } = context;
  paper.heading(2, says.law);
  paper.heading(3, says.eidas);
  statements(context, eidas26);
  paper.paragraph(says.qualified, NOTE);
  paper.heading(3, says.psd);
  statements(context, psd72);
  paper.paragraph(says.court, NOTE);
}

function statements({ paper, says }: CaseContext, all: readonly (Statement & { readonly id: StatementId })[]): void {
  const rows = all.map(({ id, files, checks }) => {
    const [demand, shown] = says.statements[id];
    const named = [...files, ...checks.map((check) => `${says.checks.toLowerCase()} ${check}`)];
    return [demand, shown, named.length === 0 ? says.nowhere : named.join('\n')];
  });
  paper.table(says.columns, rows, [0.33, 0.42, 0.25]);
}

function around({ paper, says, words, report, language }: CaseContext): void {
  paper.heading(2, says.around);
  const timeOf = (time: string): string => momentOf(new Date(time), words);
  const found = describeFindings(report, findingPhrases[language], timeOf);
  paper.rows(
    found.map(({ label, state, sentences }) => [
      capital(label),
      `${capital(state)}. ${sentences.map(sentence).join(' ')}`,
    ]),
  );
  paper.paragraph(says.aroundNote, NOTE);
}

function everyCheck({ paper, says, phrases, report }: CaseContext): void {
  paper.heading(2, says.every);
  const rows = report.checks.map((check) => {
    const why = check.status === 'passed' ? '' : `: ${clean(render(phrases.checkMessages, check))}`;
    return [check.id, capital(questionOf(check.id, report, phrases)), `${phrases.status[check.status]}${why}`];
  });
  paper.table(says.everyColumns, rows, [0.2, 0.45, 0.35]);
}

function folder({ paper, says, files }: CaseContext): void {
  paper.heading(2, says.folder);
  paper.paragraph(says.folderNote, NOTE);
  const rows = [...files].map(([name, bytes]) => [name, hash('sha256', bytes, 'hex')]).toSorted();
  paper.table(says.folderColumns, rows, [0.25, 0.75]);
}

function memberOf(value: JsonObject | undefined, name: string): JsonObject | undefined {
  const member = value?.[name];
  return isJsonObject(member) ? member : undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
