import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../database/database.ts';
import { KeptNumbers } from '../log/kept-numbers.ts';
import { auditDigest } from './audit-digest.ts';
import { insertAuditLeaf, selectChangedChains, getSince, tryAuditTurn } from './audit-leaf.repository.ts';

/**
 * Twice as long as a transaction of the service may be idle (`open-database.ts`). The event of one that takes longer still is covered
 * with the next event of its chain.
 */
const OVERLAP_SECONDS = 120;
/** Chains under one leaf. */
const MAX_HEADS = 20_000;

/**
 * Adds leaves to the banks' audit logs. A chain belongs to a bank if it is that of a consent or the bank's own. Those of logins, callers,
 * exports, reverifications and recoveries belong to no bank and are in no log.
 */
@Injectable()
export class AuditLeaves {
  constructor(
    private readonly database: Database,
    private readonly kept: KeptNumbers,
  ) {}

  /**
   * Closes a leaf of a bank whose chains have changed, unless another instance has done so within the interval. Where they need more
   * than one, all are closed in one transaction: the next round begins at the last one.
   * @throws LedgerFault where a leaf of its number is kept outside: the chains wait for `sigill recover`; DirectoryFault
   */
  async close(bank: string, intervalSeconds: number): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      if (!(await tryAuditTurn(tx, bank, intervalSeconds))) return;
      const since = await getSince(tx, bank, OVERLAP_SECONDS);
      for (let covered = MAX_HEADS; covered >= MAX_HEADS;) covered = await this.#closeOne(tx, bank, since);
    });
  }

  /** @returns how many chains it covers */
  async #closeOne(tx: Tx, bank: string, since: string): Promise<number> {
    const heads = await selectChangedChains(tx, bank, since, MAX_HEADS);
    if (heads.length === 0) return 0;
    await this.kept.checkNext(tx, bank, 'audit');
    await insertAuditLeaf(tx, bank, auditDigest(heads), heads);
    return heads.length;
  }
}
