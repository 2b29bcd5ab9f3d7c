import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { RecoverySummary } from '../token/recovery.ts';
import { openCommandContext } from './command-context.ts';

/** Exit codes of sysexits.h. */
const exitCodes = { usage: 64, unavailable: 69, config: 78 } as const;

interface RecoverOptions {
  readonly since: string;
  readonly json?: true;
}

/** `sigill recover`: after the database was restored to an earlier state, ends everything that was open before that moment. */
export function registerRecover(program: Command): void {
  program
    .command('recover')
    .description(
      'end every consent, login, code and token that was open before a given time, after a restore or failover of the database',
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
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'not everything could be ended; run it again'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
  }
}

/** A moment in the future is a mistake: what is pushed before it would stay open. */
async function parseSince(text: string): Promise<Date | undefined> {
  const { findDayOrInstant, systemClock } = await import('../kernel/clock.ts');
  const at = findDayOrInstant(text);
  return at && at <= systemClock.now() ? at : undefined;
}

async function run(since: Date): Promise<RecoverySummary> {
  const context = await openCommandContext();
  const { Recovery } = await import('../token/recovery.ts');
  try {
    return await context.get(Recovery).run(since, `operator:${userInfo().username}`);
  } finally {
    await context.close();
  }
}

function describe({ since, consents, codes, logins, tokens }: RecoverySummary): string {
  return `Ended what was open before ${since}: ${consents} consents, ${codes} codes, ${logins} logins, ${tokens} tokens.\n`;
}
