import type { Command } from 'commander';
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
