import type { Steward, StewardRound } from '../../rights/steward.ts';

/** Of sysexits.h. */
const exitCodes = { temporary: 75, config: 78 } as const;
const ROUND_MS = 10_000;

/** What `sigill steward` does: rounds until it is ended, each ten seconds after the last; or one. */
export async function runSteward({ once }: { readonly once?: true }): Promise<void> {
  const { ConfigError } = await import('../../config/config.ts');
  try {
    const { loadStewardConfig } = await import('../../config/load-config.ts');
    const { databaseUrl, ledgerDirectory } = loadStewardConfig();
    const { openSteward } = await import('../../rights/steward.ts');
    const { steward, close } = await openSteward(databaseUrl.reveal(), ledgerDirectory);
    if (once) {
      const { failures } = await oneRound(steward);
      await close();
      if (failures.length > 0) process.exitCode = exitCodes.temporary;
      return;
    }
    const { Workers } = await import('../../operations/workers.ts');
    const { runUntilSignal } = await import('../../operations/run-until-signal.ts');
    const workers = new Workers({ workers: true });
    workers.add({ name: 'steward', intervalMs: ROUND_MS, runOnce: () => oneRound(steward) });
    workers.onApplicationBootstrap();
    process.stderr.write('sigill: the steward is at work\n');
    runUntilSignal(async () => {
      await workers.beforeApplicationShutdown();
      await close();
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the steward does not start'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : 1;
  }
}

/** What a round did, one line each; what failed is tried again in the next. */
async function oneRound(steward: Steward): Promise<StewardRound> {
  const round = await steward.runOnce();
  for (const request of round.done) process.stdout.write(`done ${request}\n`);
  for (const request of round.repeated) process.stdout.write(`repeated ${request}\n`);
  for (const request of round.kept) process.stderr.write(`kept by a hold or its retention: ${request}\n`);
  if (round.logins > 0) process.stdout.write(`logins ${round.logins}\n`);
  for (const { message } of round.failures) process.stderr.write(`failed: ${message}\n`);
  return round;
}
