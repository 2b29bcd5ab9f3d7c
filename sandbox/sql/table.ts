import type { Answer } from './try-statements.ts';

/** An answer as a table for the terminal; one without columns in a line. */
export function answerText({ command, rowCount, columns, rows }: Answer): string {
  if (columns.length === 0) return rowCount === null ? command : `${command} ${rowCount}`;
  const cells = rows.map((row) => row.map((value) => value ?? 'null'));
  const widths = columns.map((name, at) =>
    cells.reduce((width, row) => Math.max(width, row[at]?.length ?? 0), name.length),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  const count = rows.length === 1 ? '(1 row)' : `(${rows.length} rows)`;
  return [line(columns), rule, ...cells.map(line), count].join('\n');
}
