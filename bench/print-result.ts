import type { Undo } from '../sandbox/undo.ts';

/** Prints what a benchmark measures, as JSON in one line or in many, and undoes all that it started, also where it fails. */
export async function printResult(measure: () => Promise<object>, undo: Undo, inOneLine: boolean): Promise<void> {
  try {
    const result = await measure();
    process.stdout.write(`${JSON.stringify(result, null, inOneLine ? undefined : 2)}\n`);
  } finally {
    await undo.all();
  }
}
