import type { INestApplicationContext } from '@nestjs/common';
import type { Holds } from '../../compliance/holds.ts';
import { openCommandContext } from '../command-context.ts';

/** Exit codes of sysexits.h. */
const exitCodes = { usage: 64, unavailable: 69, config: 78 } as const;

export interface Printing {
  readonly json?: true;
}

/** Does `work` with the holds of the configured service, and says in one sentence what failed. */
export function inHolds(work: (holds: Holds) => Promise<void>): Promise<void> {
  return inService(async (context) => {
    const { Holds } = await import('../../compliance/holds.ts');
    await work(context.get(Holds, { strict: false }));
  });
}

/** The same with the service itself. */
export async function inService(work: (context: INestApplicationContext) => Promise<void>): Promise<void> {
  try {
    const context = await openCommandContext();
    try {
      await work(context);
    } finally {
      await context.close();
    }
  } catch (error) {
    await refuse(error);
  }
}

/** Says why nothing was done, and sets the exit code. */
export async function refuse(error: unknown): Promise<void> {
  const { ConfigError } = await import('../../config/config.ts');
  const { ExportRequestError } = await import('../../compliance/export-request.ts');
  process.stderr.write(`${error instanceof Error ? error.message : 'nothing was done'}\n`);
  if (error instanceof ExportRequestError) process.exitCode = exitCodes.usage;
  else process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.unavailable;
}
