import { findingPhrases } from '../../bundle/finding-phrases.ts';
import { languages } from '../../evidence-files/report-phrases.ts';
import { paint } from './paint.ts';

const RED = '\u001b[31m';
const YELLOW = '\u001b[33m';
const painted = (text: string): string => paint(text, languages.en, findingPhrases.en);

describe('a verdict on a terminal', () => {
  it('is yellow where nothing is shown to be wrong, and never red', () => {
    const text = painted(
      "INDETERMINATE / TRY_LATER\n  seal: untrusted\n  ledger: the exporter's own word\n  time: untrusted\n",
    );
    expect(text).not.toContain(RED);
    expect(text.split(YELLOW)).toHaveLength(5);
  });

  it('has red for a comparison that failed beside the yellow of its verdict', () => {
    expect(painted('UNPINNED  NO MATCH  INDETERMINATE\n')).toBe(
      `UNPINNED  ${RED}NO MATCH\u001b[39m  ${YELLOW}INDETERMINATE\u001b[39m\n`,
    );
    expect(painted('TOTAL-FAILED / HASH_FAILURE\n  seal: UNSOUND\n').split(RED)).toHaveLength(3);
  });

  it('loses nothing but its colours without them', () => {
    const text = 'TOTAL-PASSED\n  seal: sound\n  ledger: proved\n  time: proved\n';
    // eslint-disable-next-line no-control-regex -- what colours are made of
    expect(painted(text).replaceAll(/\u001b\[\d+m/g, '')).toBe(text);
  });
});
