import type { Command } from 'commander';
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
