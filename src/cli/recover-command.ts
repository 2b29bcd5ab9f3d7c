import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { LogRecovery } from '../ledger/ledger-recovery.ts';
import type { RecoverySummary } from '../token/recovery.ts';
import { openCommandContext } from './command-context.ts';

/** Exit codes of sysexits.h, and 1 where a log took nothing because it contradicts what is kept. */
const exitCodes = { refused: 1, usage: 64, unavailable: 69, config: 78 } as const;

interface RecoverOptions {
  readonly since: string;
  readonly json?: true;
}

/** What was ended, and what the logs took from LEDGER_DIRECTORY. */
interface CommandSummary extends RecoverySummary {
  readonly ledger: readonly LogRecovery[];
}

/**
 * `sigill recover`: after the database was restored to an earlier state, ends everything that was open before that moment, and takes
 * what it lost of the ledger from LEDGER_DIRECTORY.
 */
export function registerRecover(program: Command): void {
  program
    .command('recover')
    .description(
      'after a restore or failover of the database: end every consent, login, code and token that was open before a given time, and take lost numbers of the ledger from LEDGER_DIRECTORY',
    )
    .requiredOption('--since <time>', 'when the database was restored: RFC 3339, or a date (UTC)')
    .option('--json', 'one JSON document on standard output')
    .action(recover);
}

async function recover({ since, json }: RecoverOptions): Promise<void> {
  const { ConfigError } = await import('../config/config.ts');
  const at = await parseSince(since);
  if (!at) {
    process.stderr.write('--since is neither an RFC 3339 time nor a date (in UTC), or is in the future\n');
    process.exitCode = exitCodes.usage;
    return;
  }
  try {
    const summary = await run(at);
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    if (summary.ledger.some(({ refused }) => refused !== undefined)) process.exitCode = exitCodes.refused;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'not everything could be done; run it again'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
  }
}

/** A moment in the future is a mistake: what is pushed before it would stay open. */
async function parseSince(text: string): Promise<Date | undefined> {
  const { findDayOrInstant, systemClock } = await import('../kernel/clock.ts');
  const at = findDayOrInstant(text);
  return at && at <= systemClock.now() ? at : undefined;
}

async function run(since: Date): Promise<CommandSummary> {
  const context = await openCommandContext();
  const { Recovery } = await import('../token/recovery.ts');
  const { LedgerRecovery } = await import('../ledger/ledger-recovery.ts');
  try {
    // First what keeps a token from paying twice, whatever the ledger is like.
    const ended = await context.get(Recovery).run(since, `operator:${userInfo().username}`);
    const logs = await context.get(LedgerRecovery).run();
    return { ...ended, ledger: logs.filter(({ lost, found, refused }) => lost + found > 0 || refused !== undefined) };
  } finally {
    await context.close();
  }
}

function describe({ since, consents, codes, logins, tokens, ledger }: CommandSummary): string {
  const ended = `Ended what was open before ${since}: ${consents} consents, ${codes} codes, ${logins} logins, ${tokens} tokens.\n`;
  return ended + ledger.map(describeLog).join('');
}

function describeLog({ bank, kind, size, lost, found, refused }: LogRecovery): string {
  if (refused !== undefined) return `Took nothing for the ${kind} log of ${bank}: ${refused}.\n`;
  return `Took ${lost + found} numbers of the ${kind} log of ${bank} from LEDGER_DIRECTORY, up to ${size}: ${lost} lost, ${found} found.\n`;
}
