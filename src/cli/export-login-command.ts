import { writeSync } from 'node:fs';
import type { Command } from 'commander';
import { openExportContext, operator } from './command-context.ts';
import { intoFile, reportExportFailure } from './exports/into-file.ts';

interface LoginExportOptions {
  readonly evidence?: string;
  readonly purpose: string;
  readonly out: string;
  readonly json?: true;
}

/** `sigill export-login`: what a person identified for, as an evidence folder that can be verified without trusting us. */
export function registerExportLogin(program: Command): void {
  program
    .command('export-login')
    .description('export the evidence of one login as a ZIP of its evidence folder')
    .argument('<login>', 'the id of the login')
    .option('--evidence <id>', 'this evidence of the login, and not the accepted one')
    .requiredOption('--purpose <text>', 'why; recorded in the audit trail')
    .requiredOption('--out <file>', 'where to write the ZIP')
    .option('--json', 'one JSON document on standard output')
    .action(exportLogin);
}

async function exportLogin(login: string, options: LoginExportOptions): Promise<void> {
  const { ExportRequestError, parseLoginExportRequest } = await import('../compliance/export-request.ts');
  try {
    if (options.out === '-' && options.json)
      throw new ExportRequestError('--out - and --json both write to standard output');
    const request = parseLoginExportRequest({ ...options, login }, operator());
    const { LoginExports } = await import('../compliance/login-exports.ts');
    const context = await openExportContext();
    try {
      const { zip, ...exported } = await intoFile(options.out, async (fd) => {
        const made = await context.get(LoginExports).export(request);
        for (let at = 0; at < made.zip.length;) at += writeSync(fd, made.zip, at);
        return made;
      });
      print({ ...exported, bytes: zip.length, file: options.out }, options);
    } finally {
      await context.close();
    }
  } catch (error) {
    reportExportFailure(error);
  }
}

interface Printed {
  readonly evidenceId: string;
  readonly kind: string;
  readonly others: readonly string[];
  readonly bytes: number;
  readonly file: string;
}

function print(exported: Printed, { json }: LoginExportOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(exported)}\n`);
    return;
  }
  const { evidenceId, kind, others } = exported;
  const more = others.length === 0 ? '' : ` Other evidence of the login: ${others.join(', ')}.`;
  process.stderr.write(`Evidence ${evidenceId}, ${kind}.${more}\n`);
}
