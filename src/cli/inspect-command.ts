import type { Command } from 'commander';
import { exitCodes, reportProblem } from './verify/files/exit-codes.ts';
import { inspect } from './verify/inspect.ts';
import { readInput } from './verify/files/read-file.ts';

/** `sigill inspect`: what a file is made of; never what it says about a person. */
export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('structure, algorithms, OIDs and lengths of a signature, an OCSP response or a certificate')
    .argument('<file>', 'XML, base64, DER or PEM')
    .option('--json', 'one JSON document on standard output')
    .action(runInspect);
}

async function runInspect(path: string, options: { readonly json?: true }): Promise<void> {
  try {
    const description = inspect(await readInput(path));
    process.stdout.write(`${JSON.stringify(description, undefined, options.json ? undefined : 2)}\n`);
    process.exitCode = description['kind'] === 'unknown' ? exitCodes.failed : exitCodes.passed;
  } catch (error) {
    reportProblem(error);
  }
}
