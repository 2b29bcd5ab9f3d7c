import type { Command } from 'commander';
import type { CheckOptions } from './offline/check-clients.ts';
import type { SettingsOptions } from './offline/print-settings.ts';
import type { ReceiptOptions } from './papers/write-receipt.ts';

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

/** `sigill receipt`: offline, a page for people of evidence that was verified. */
export function registerReceipt(program: Command): void {
  program
    .command('receipt')
    .description('verify one evidence of a payment, offline, and write its receipt: one page as PDF/A, number masked')
    .argument('<evidence>', 'a bundle (.asice), an evidence folder, its ZIP, or the JSON of GET /evidence/{id}')
    .requiredOption('--out <file>', 'where to write the PDF; - is standard output')
    .option('--lang <language>', 'sv or en (the language in which the payer signed)')
    .option('--rp <dn>', 'the expected relying party, as BankID writes it')
    .option('--trust <file>', 'BankID signature root (PEM)')
    .option('--environment <name>', 'test: accept the test root', 'production')
    .option('--trust-unpinned <file>', 'accept this root although Sigill does not pin it: you vouch for it')
    .action(async (evidence: string, options: ReceiptOptions) => {
      const { writeReceipt } = await import('./papers/write-receipt.ts');
      await writeReceipt(evidence, options);
    });
}
