/** Labels whose values say what an order is about, in the order in which they are shown. */
const telling: readonly (readonly string[])[] = [
  ['Belopp', 'Amount'],
  ['Betalas till', 'Pay to'],
  ['Ändamål', 'Purpose'],
];

const MAX_LINES = 2;
const MAX_LENGTH = 60;

/**
 * What an order is about, in at most two lines of its text: amount and payee where lines are labelled so (`Amount:` with the value on
 * the line below), else the first lines that are more than a label.
 */
export function summarise(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const valueOf = (label: string): string | undefined => lines[lines.indexOf(`${label}:`) + 1];
  const labelled = telling.flatMap((labels) => {
    const label = labels.find((word) => lines.includes(`${word}:`));
    return label === undefined ? [] : [valueOf(label) ?? ''];
  });
  const meaningful = lines.filter((line) => !line.endsWith(':'));
  return (labelled.length > 0 ? labelled : meaningful)
    .filter((line) => line !== '')
    .slice(0, MAX_LINES)
    .map((line) => (line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line));
}

/** An age in seconds as it is shown: in steps of ten seconds, so that a list does not change all the time; then in minutes. */
export function roundAge(seconds: number): { readonly seconds: number } | { readonly minutes: number } {
  return seconds < 60 ? { seconds: Math.max(0, Math.floor(seconds / 10) * 10) } : { minutes: Math.floor(seconds / 60) };
}
