import type { RenewalSummary } from '../../ledger/timestamp-renewal.ts';
import { openCommandContext } from '../command-context.ts';

/** `EX_USAGE`, `EX_UNAVAILABLE` and `EX_CONFIG` of sysexits.h; 1 where tokens were not renewed. */
const exitCodes = { notRenewed: 1, usage: 64, unavailable: 69, config: 78 } as const;

interface RenewalOptions {
  readonly within: string;
  readonly json?: true;
}

/** What `sigill renew-timestamps` does. */
export async function renewTimestamps({ within, json }: RenewalOptions): Promise<void> {
  if (!/^[1-9]\d{0,3}$/.test(within)) {
    process.stderr.write('--within is not a number of days from 1 to 9999\n');
    process.exitCode = exitCodes.usage;
    return;
  }
  const { ConfigError } = await import('../../config/config.ts');
  try {
    const summary = await run(Number(within));
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    if (summary.refused.length > 0) process.exitCode = exitCodes.notRenewed;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'not everything was renewed; run it again'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
  }
}

async function run(days: number): Promise<RenewalSummary> {
  const { addMs, DAY_MS, systemClock } = await import('../../kernel/clock.ts');
  const context = await openCommandContext();
  const { TimestampRenewal } = await import('../../ledger/timestamp-renewal.ts');
  try {
    return await context.get(TimestampRenewal, { strict: false }).run(addMs(systemClock.now(), days * DAY_MS));
  } finally {
    await context.close();
  }
}

function describe({ renewed, refused }: RenewalSummary): string {
  const lines = refused.map(({ bank, kind, size, why }) => `${bank} ${kind} ${size}: not renewed: ${why}\n`);
  return `Renewed ${renewed} timestamps.\n${lines.join('')}`;
}
