import type { FindingPhrases } from '../../bundle/finding-phrases.ts';
import type { Report } from '../../verification/report.ts';
import { flagOf } from '../../evidence-files/report-text.ts';
import type { ReportPhrases } from '../../evidence-files/report-phrases.ts';
import type { TextSink } from './sinks.ts';

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** Many evidences: first what is wrong around them, which no verdict says, and the worst verdict; then one line for each. */
export function formatMany(
  sink: TextSink,
  verdict: Verdict | undefined,
  phrases: ReportPhrases,
  { unsoundAmong }: FindingPhrases,
): string {
  const flag = sink.environments.has('unpinned') ? 'unpinned' : sink.environments.has('test') ? 'test' : null;
  const lines = [
    ...(sink.unsound > 0 ? [unsoundAmong(sink.unsound)] : []),
    verdict
      ? `${flagOf(flag)}${describeVerdict(verdict, phrases)}`
      : sink.isUnsigned
        ? phrases.noSignatures
        : phrases.noEvidence,
    phrases.examined(sink.lines.length),
    ...sink.seals,
    ...sink.warnings.map((warning) => `${phrases.warning}  ${warning}`),
    ...sink.lines.map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeVerdict({ indication, subIndication, matches }: Verdict, phrases: ReportPhrases): string {
  return `${indication}${subIndication === null ? '' : ` / ${subIndication}`}, ${phrases.matches}: ${phrases.matchInList[matches]}`;
}
