import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { LogRecovery } from '../ledger/ledger-recovery.ts';
import type { RecoverySummary } from '../token/recovery.ts';
import { inService, operator } from './command-context.ts';
import { repeatErasures, type ErasureRecovery } from './rights/repeat-erasures.ts';

/** `EX_USAGE` of sysexits.h; 1 where a log took nothing because it contradicts what is kept, or where erased evidence is back. */
const exitCodes = { refused: 1, usage: 64 } as const;

interface RecoverOptions {
  readonly since: string;
  readonly json?: true;
}

/** What was ended, what the logs took from LEDGER_DIRECTORY, and what was erased again. */
interface CommandSummary extends RecoverySummary {
  readonly ledger: readonly LogRecovery[];
  readonly erasures: ErasureRecovery;
}

/**
 * `sigill recover`: after the database was restored to an earlier state, ends everything that was open before that moment, and takes
 * what it lost of the ledger from LEDGER_DIRECTORY. With the login of the eraser, it also erases again what had been erased.
 */
export function registerRecover(program: Command): void {
  program
    .command('recover')
    .description(
      'after a restore or failover of the database: end every consent, login, code and token that was open before a given time, take lost numbers of the ledger from LEDGER_DIRECTORY, and erase again what was erased (STEWARD_DATABASE_URL)',
    )
    .requiredOption('--since <time>', 'when the database was restored: RFC 3339, or a date (UTC)')
    .option('--json', 'one JSON document on standard output')
    .action(recover);
}

async function recover({ since, json }: RecoverOptions): Promise<void> {
  const at = await parseSince(since);
  if (!at) {
    process.stderr.write('--since is neither an RFC 3339 time nor a date (in UTC), or is in the future\n');
    process.exitCode = exitCodes.usage;
    return;
  }
  await inService(async (context) => {
    const summary = await run(context, at);
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    if (summary.ledger.some(({ refused }) => refused !== undefined) || summary.erasures.open > 0)
      process.exitCode = exitCodes.refused;
  }, 'not everything could be done; run it again');
}

/** A moment in the future is a mistake: what is pushed before it would stay open. */
async function parseSince(text: string): Promise<Date | undefined> {
  const { findDayOrInstant, systemClock } = await import('../kernel/clock.ts');
  const at = findDayOrInstant(text);
  return at && at <= systemClock.now() ? at : undefined;
}

async function run(context: INestApplicationContext, since: Date): Promise<CommandSummary> {
  const { Recovery } = await import('../token/recovery.ts');
  const { LedgerRecovery } = await import('../ledger/ledger-recovery.ts');
  // First what keeps a token from paying twice: the ledger may refuse.
  const ended = await context.get(Recovery).run(since, operator());
  const logs = await context.get(LedgerRecovery).run();
  const erasures = await repeatErasures(context);
  const ledger = logs.filter(({ lost, found, refused }) => lost + found > 0 || refused !== undefined);
  return { ...ended, ledger, erasures };
}

function describe({ since, consents, codes, logins, tokens, ledger, erasures }: CommandSummary): string {
  const ended = `Ended what was open before ${since}: ${consents} consents, ${codes} codes, ${logins} logins, ${tokens} tokens.\n`;
  const repeated = erasures.repeated > 0 ? `Erased again what ${erasures.repeated} requests had erased.\n` : '';
  const open =
    erasures.open > 0
      ? `What ${erasures.open} requests had erased is still to be erased again: see docs/runbooks/erasure.md, "After a restore".\n`
      : '';
  return ended + ledger.map(describeLog).join('') + repeated + open;
}

function describeLog({ bank, kind, size, lost, found, refused }: LogRecovery): string {
  if (refused !== undefined) return `Took nothing for the ${kind} log of ${bank}: ${refused}.\n`;
  return `Took ${lost + found} numbers of the ${kind} log of ${bank} from LEDGER_DIRECTORY, up to ${size}: ${lost} lost, ${found} found.\n`;
}
