import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../database/database.ts';
import { bankOfConsentSubject } from '../../kernel/subject.ts';
import { KeptNumbers } from '../log/kept-numbers.ts';
import { LedgerHealth } from '../state/ledger-health.ts';
import { auditDigest, type ChainHead } from './audit-digest.ts';
import { insertAuditLeaf, selectChangedChains, tryAuditTurn } from './audit-leaf.repository.ts';

/**
 * Twice as long as a transaction of the service may be idle (`open-database.ts`). The event of one that takes longer still is covered
 * with the next event of its chain.
 */
const OVERLAP_SECONDS = 120;
/** Chains in one transaction. */
const MAX_HEADS = 20_000;

/**
 * Adds leaves to the banks' audit logs: one for each bank whose chains have changed. A chain belongs to a bank if it is that of a
 * consent. Those of logins, callers, exports, reverifications and recoveries belong to no bank and are in no log.
 */
@Injectable()
export class AuditLeaves {
  constructor(
    private readonly database: Database,
    private readonly kept: KeptNumbers,
    private readonly health: LedgerHealth,
  ) {}

  /** Closes a leaf for each bank that needs one, unless another instance has done so within the interval. */
  async close(intervalSeconds: number): Promise<void> {
    for (let [seconds, closed] = [intervalSeconds, MAX_HEADS]; closed >= MAX_HEADS; seconds = 0)
      closed = await this.#closeSome(seconds);
  }

  /** @returns how many chains were covered */
  async #closeSome(intervalSeconds: number): Promise<number> {
    return this.database.inTransaction(async (tx) => {
      if (!(await tryAuditTurn(tx, intervalSeconds))) return 0;
      const changed = await selectChangedChains(tx, OVERLAP_SECONDS, MAX_HEADS);
      let covered = 0;
      for (const [bank, heads] of byBank(changed)) covered += await this.#insert(tx, bank, heads);
      return covered;
    });
  }

  /**
   * Nothing happens where a leaf of this number is kept outside: the chains wait for `sigill recover`.
   * @returns how many chains were covered
   */
  async #insert(tx: Tx, bank: string, heads: readonly ChainHead[]): Promise<number> {
    const what = `the audit numbers of ${bank}`;
    try {
      await this.kept.checkNext(tx, bank, 'audit');
    } catch (error) {
      this.health.failed(what, error);
      return 0;
    }
    this.health.succeeded(what);
    await insertAuditLeaf(tx, bank, auditDigest(heads), heads);
    return heads.length;
  }
}

function byBank(heads: readonly ChainHead[]): ReadonlyMap<string, ChainHead[]> {
  const banks = new Map<string, ChainHead[]>();
  for (const head of heads) {
    const bank = bankOfConsentSubject(head.subject);
    const listed = banks.get(bank);
    if (listed) listed.push(head);
    else banks.set(bank, [head]);
  }
  return banks;
}
