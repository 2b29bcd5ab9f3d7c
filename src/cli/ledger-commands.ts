import type { Command } from 'commander';
import { reseal } from './seals/reseal.ts';
import { renewTimestamps } from './ledger/renew-timestamps.ts';

/** `sigill renew-timestamps`: renews timestamps of the ledger's heads before the certificates behind them end. */
export function registerRenewTimestamps(program: Command): void {
  program
    .command('renew-timestamps')
    .description(
      "renew the timestamps of the ledger's heads whose certificates end soon; run it again if it was interrupted",
    )
    .option('--within <days>', 'those that end within so many days', '180')
    .option('--json', 'one JSON document on standard output')
    .action(renewTimestamps);
}

/** `sigill reseal`: adds a seal to bundles whose seals were made with an earlier certificate. */
export function registerReseal(program: Command): void {
  program
    .command('reseal')
    .description(
      "put a seal by today's certificate behind the earlier seals of every kept bundle; run it again if it was interrupted",
    )
    .option('--json', 'one JSON document on standard output')
    .action(reseal);
}
