import type { INestApplicationContext } from '@nestjs/common';
import { openCommandContext } from '../command-context.ts';

/** `EX_UNAVAILABLE` and `EX_CONFIG` of sysexits.h. */
const exitCodes = { unavailable: 69, config: 78 } as const;

/** Does the work of a command of the ledger, and prints why it could not. */
export async function inLedger(work: (context: INestApplicationContext) => Promise<void>): Promise<void> {
  const { ConfigError } = await import('../../config/config.ts');
  try {
    const context = await openCommandContext();
    await work(context).finally(() => context.close());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the ledger could not be read'}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
  }
}
