import type { Command } from 'commander';
import type { CheckOptions } from './offline/check-clients.ts';
import type { SettingsOptions } from './offline/print-settings.ts';

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
