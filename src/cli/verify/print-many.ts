import type { Report } from '../../verification/report.ts';
import { flagOf } from '../../evidence-files/report-text.ts';
import type { Words } from '../../evidence-files/words.ts';
import type { TextSink } from './sinks.ts';

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** Many evidences: the worst in the first line, then one line for each. */
export function formatMany(sink: TextSink, verdict: Verdict | undefined, words: Words): string {
  const flag = sink.environments.has('unpinned') ? 'unpinned' : sink.environments.has('test') ? 'test' : null;
  const lines = [
    verdict ? `${flagOf(flag)}${describeVerdict(verdict, words)}` : words.noEvidence,
    words.examined(sink.lines.length),
    ...sink.seals.map((thumbprint) => `${words.seal} ${thumbprint}`),
    ...sink.warnings.map((warning) => `${words.warning}  ${warning}`),
    ...sink.lines.map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeVerdict({ indication, subIndication, matches }: Verdict, words: Words): string {
  return `${indication}${subIndication === null ? '' : ` / ${subIndication}`}, ${words.matches}: ${words.matchInList[matches]}`;
}
