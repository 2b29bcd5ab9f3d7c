import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type DestinationStream, type Level } from 'pino';

/** Keeps what a service logged, for the check of all logs after the run; see the global teardown. */
export function keepRunLog(name: string, text: string): void {
  const folder = process.env['SIGILL_TEST_LOGS'];
  if (folder === undefined) throw new Error('no folder for logs: run this suite in the project "system"');
  appendFileSync(join(folder, `${name}.log`), text);
}

/** Keeps every line of a service at its most talkative; shows on stderr what is of `level` or worse. */
export function runLog(name: string, level: Level): DestinationStream {
  return pino.multistream([
    { level: 'trace', stream: { write: (line: string) => keepRunLog(name, line) } },
    { level, stream: process.stderr },
  ]);
}
