import type { Command } from 'commander';
import { reseal } from './seals/reseal.ts';
import { printFaults, printStatus, rebuild } from './ledger/read-ledger.ts';
import { bringBack, writeReturned } from './ledger/returns.ts';
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

/** `sigill ledger …`: how the logs are, and whether database, folder and evidence agree. */
export function registerLedger(program: Command): void {
  const ledger = program.command('ledger').description("the banks' logs of their evidence").showHelpAfterError();
  ledger
    .command('status')
    .description('print origin, verifier key, size and newest head of each log: what a bank needs to follow it')
    .option('--json', 'one JSON document on standard output')
    .action(printStatus);
  ledger
    .command('fsck')
    .description(
      'compare tree, database, evidence, kept heads and tiles, audit chains and timestamps; exit code 1 if they differ',
    )
    .option('--json', 'one JSON document on standard output')
    .action(printFaults);
  ledger
    .command('rebuild')
    .description(
      'write what LEDGER_DIRECTORY lacks again from the database, after the folder was lost or restored; ask the banks to compare',
    )
    .option('--json', 'one JSON document on standard output')
    .action(rebuild);
  ledger
    .command('return')
    .description('bring evidence back that a database which was set back has lost, if it is that of a lost number')
    .argument('<file>', 'the ZIP of its folder, its bundle, or the JSON of GET /evidence/{id}')
    .action(bringBack);
  ledger
    .command('returned')
    .description('write the file of evidence that was brought back; the audit trail records it')
    .argument('<bank>', 'client id of the bank')
    .argument('<number>', 'number of the evidence')
    .requiredOption('--purpose <text>', 'why it is read, one line without personal numbers')
    .requiredOption('--out <file>', 'a new file')
    .action(writeReturned);
  for (const command of ledger.commands) command.exitOverride().showHelpAfterError();
}
