import type { INestApplicationContext } from '@nestjs/common';

/** What became of erasures that a restored database does not know. */
export interface ErasureRecovery {
  /** Requests whose erasure was repeated. */
  readonly repeated: number;
  /** Requests whose erasure is still to be repeated: the login of the eraser is missing, or a hold keeps something. */
  readonly open: number;
}

/** Erases again what had been erased, where this process has the login of the eraser. Without it, a steward does. */
export async function repeatErasures(context: INestApplicationContext): Promise<ErasureRecovery> {
  const { findStewardConfig } = await import('../../config/load-config.ts');
  const { openSteward } = await import('../../rights/steward.ts');
  const { StewardWatch } = await import('../../rights/steward-watch.ts');
  const config = findStewardConfig();
  let repeated = 0;
  if (config) {
    const { steward, close } = await openSteward(config.databaseUrl.reveal(), config.ledgerDirectory);
    try {
      repeated = (await steward.repeat()).repeated.length;
    } finally {
      await close();
    }
  }
  return { repeated, open: await context.get(StewardWatch, { strict: false }).countUnfinished() };
}
