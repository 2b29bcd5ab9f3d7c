import { HeadRounds } from '../../../src/ledger/heads/head-rounds.ts';
import { LedgerLogs } from '../../../src/ledger/log/ledger-logs.ts';
import { LedgerDirectory } from '../../../src/ledger/outside/ledger-directory.ts';
import { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { eventually } from '../eventually.ts';
import type { TestSystem } from '../system/system.ts';

/** The logs of a bank whose heads are published. */
export interface PublishedLogs {
  readonly logId: string;
  /** A tile of hashes of leaves, below `tile/`. */
  readonly tile: string;
  readonly auditTile: string;
}

/** Waits until both logs of a bank have a head, for which its workers or this one may be the first. */
export async function publishLogs(world: TestSystem, bank: string): Promise<PublishedLogs> {
  const directory = world.get(LedgerDirectory);
  const look = async (): Promise<PublishedLogs | undefined> => {
    await world.get(Sequencer).runOnce();
    await world.get(HeadRounds).runOnce();
    const [evidence, audit] = await world.get(LedgerLogs).openLogs(bank);
    const sizes = await Promise.all([evidence, audit].map((log) => directory.findNewest(log?.folder ?? '')));
    const [size, auditSize] = sizes.map((head) => head?.size);
    if (!evidence || size === undefined || auditSize === undefined) return undefined;
    return { logId: evidence.folder, tile: `0/000.p/${size}`, auditTile: `0/000.p/${auditSize}` };
  };
  return eventually(look, () => `the logs of ${bank} get no head`);
}
