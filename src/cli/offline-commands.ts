import type { Command } from 'commander';
import { credentials } from './export-command.ts';
import type { CheckOptions } from './offline/check-clients.ts';
import type { SettingsOptions } from './offline/print-settings.ts';
import type { PaperOptions } from './papers/write-paper.ts';

/** `sigill settings`: it needs neither configuration nor database. */
export function registerSettings(program: Command): void {
  program
    .command('settings')
    .description('list all settings, with their forms and defaults; needs no configuration')
    .option('--json', 'one JSON document on standard output')
    .option('--markdown', 'the tables of docs/operator.md')
    .action(async (options: SettingsOptions) => {
      const { printSettings } = await import('./offline/print-settings.ts');
      printSettings(options);
    });
}

/** `sigill client check` and `sigill client schema`: what can be known of CLIENTS_FILE before the service starts. */
export function registerClient(program: Command): void {
  const client = program.command('client').description('check a CLIENTS_FILE before the service starts with it');
  client
    .command('check')
    .description('name each fault by JSON pointer; needs neither configuration nor database')
    .argument('<file>', 'the file that CLIENTS_FILE names')
    .option('--environment <environment>', 'production, bankid-test or sandbox', 'production')
    .option('--certificates <file>', 'the file that BANKID_CERTIFICATES_FILE names, to compare the holders')
    .option('--json', 'one JSON document on standard output')
    .action(async (file: string, options: CheckOptions) => {
      const { checkClientsFile } = await import('./offline/check-clients.ts');
      checkClientsFile(file, options);
    });
  client
    .command('schema')
    .description('print the JSON Schema of the file')
    .action(async () => {
      const { clientsSchema } = await import('../clients/clients-schema.ts');
      process.stdout.write(`${JSON.stringify(clientsSchema(), null, 2)}\n`);
    });
}

/** `sigill receipt` and `sigill case`: papers for people of evidence that was verified. */
export function registerPapers(program: Command): void {
  paperCommand(program, 'receipt', 'verify one evidence of a payment, offline, and write its receipt: one page').action(
    async (evidence: string | undefined, options: PaperOptions) => {
      const { writeReceipt } = await import('./papers/write-paper.ts');
      await writeReceipt(evidence, options);
    },
  );
  paperCommand(program, 'case', 'the same, and write a paper for a dispute: what shows what, and what nothing shows')
    .option('--seal-trust <file>', 'who may have issued the certificate of a seal (PEM; may be repeated)', repeated)
    .option('--tsa-trust <file>', "who may have issued a timestamp authority's (PEM; may be repeated)", repeated)
    .option('--ledger-key <vkey>', 'a key that must have signed the checkpoint (may be repeated)', repeated)
    .option('--checkpoint <file>', 'a checkpoint that you kept: the one in the bundle must be consistent with it')
    .option('--with-evidence', 'put the evidence into the paper, unmasked (PDF/A-3b)')
    .option('--ledger <place>', "directory or URL of the ledger's tiles, for a checkpoint of another size")
    .action(async (evidence: string | undefined, options: PaperOptions) => {
      const { writeCasePaper } = await import('./papers/write-paper.ts');
      await writeCasePaper(evidence, options);
    });
}

/** Both write a PDF/A with the personal number masked. */
function paperCommand(program: Command, name: string, description: string): Command {
  const command = program
    .command(name)
    .description(description)
    .argument('[evidence]', 'a bundle (.asice), an evidence folder, its ZIP, or the JSON of GET /evidence/{id}')
    .requiredOption('--out <file>', 'where to write the PDF; - is standard output')
    .option('--lang <language>', 'sv or en (the language in which the payer signed)')
    .option('--rp <dn>', 'the expected relying party, as BankID writes it')
    .option('--trust <file>', 'BankID signature root (PEM)')
    .option('--environment <name>', 'test: accept the test root', 'production')
    .option('--trust-unpinned <file>', 'accept this root although Sigill does not pin it: you vouch for it')
    .option('--consent <id>', 'in place of a file: ask the service for the evidence of this consent')
    .option('--purpose <word>', 'with --consent: why, as dispute or complaint; recorded in the audit trail');
  return credentials(command);
}

function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
