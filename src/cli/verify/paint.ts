import type { FindingPhrases } from '../../bundle/finding-phrases.ts';
import type { ReportPhrases } from '../../evidence-files/report-phrases.ts';

const colours = { good: 32, open: 33, bad: 31 } as const;
type Colour = keyof typeof colours;

/**
 * Colours the words of verdicts and states in a text for a terminal. INDETERMINATE, and what is merely not trusted here, is yellow and
 * never red: nothing shows that it is wrong. The words say the same without colour.
 */
export function paint(text: string, phrases: ReportPhrases, findings: FindingPhrases): string {
  const verdicts = text
    .replaceAll(/\bTOTAL-PASSED\b/g, (word) => colour(word, 'good'))
    .replaceAll(/\bINDETERMINATE\b/g, (word) => colour(word, 'open'))
    .replaceAll(/\bTOTAL-FAILED\b/g, (word) => colour(word, 'bad'))
    .replace(new RegExp(`^((?:TEST|UNPINNED)  )?(${phrases.noMatch})`), (_, flag: string | undefined, word: string) => {
      return `${flag ?? ''}${colour(word, 'bad')}`;
    });
  return statesOf(findings).reduce(
    (painted, [line, word, kind]) => painted.replace(`  ${line}: ${word}\n`, `  ${line}: ${colour(word, kind)}\n`),
    verdicts,
  );
}

function statesOf({
  seal,
  sealStates,
  ledger,
  ledgerStates,
  time,
  timeStates,
}: FindingPhrases): readonly (readonly [string, string, Colour])[] {
  return [
    [seal, sealStates.sound, 'good'],
    [seal, sealStates.untrusted, 'open'],
    [seal, sealStates.unsound, 'bad'],
    [ledger, ledgerStates.proved, 'good'],
    [ledger, ledgerStates['exporters-word'], 'open'],
    [ledger, ledgerStates.unsound, 'bad'],
    [time, timeStates.sound, 'good'],
    [time, timeStates.untrusted, 'open'],
    [time, timeStates.unsound, 'bad'],
  ];
}

function colour(word: string, kind: Colour): string {
  return `\u001b[${colours[kind]}m${word}\u001b[39m`;
}
