import type { RenewalSummary } from '../../ledger/timestamp-renewal.ts';
import { inService } from '../command-context.ts';

/** `EX_USAGE` of sysexits.h; 1 where tokens were not renewed. */
const exitCodes = { notRenewed: 1, usage: 64 } as const;

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
  await inService(async (context) => {
    const { addMs, DAY_MS, systemClock } = await import('../../kernel/clock.ts');
    const { TimestampRenewal } = await import('../../ledger/timestamp-renewal.ts');
    const before = addMs(systemClock.now(), Number(within) * DAY_MS);
    const summary = await context.get(TimestampRenewal, { strict: false }).run(before);
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    if (summary.refused.length > 0) process.exitCode = exitCodes.notRenewed;
  }, 'not everything was renewed; run it again');
}

function describe({ renewed, refused }: RenewalSummary): string {
  const lines = refused.map(({ bank, kind, size, why }) => `${bank} ${kind} ${size}: not renewed: ${why}\n`);
  return `Renewed ${renewed} timestamps.\n${lines.join('')}`;
}
