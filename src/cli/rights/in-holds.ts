import type { Holds } from '../../rights/holds.ts';
import { inService } from '../command-context.ts';

export interface Printing {
  readonly json?: true;
}

/** Does `work` with the holds of the configured service, and says in one sentence what failed. */
export function inHolds(work: (holds: Holds) => Promise<void>): Promise<void> {
  return inService(async (context) => {
    const { Holds } = await import('../../rights/holds.ts');
    await work(context.get(Holds, { strict: false }));
  });
}
