import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { addMs, MINUTE_MS } from '../../kernel/clock.ts';
import { auditDigest } from '../audit/audit-digest.ts';
import { selectLastNumber } from '../log/last-number.repository.ts';
import type { LedgerLog } from '../log/ledger-log.ts';
import type { LogFault } from './fsck-fault.ts';
import { countUncovered, selectCheckedChains, selectCheckedLeaves, type CheckedChain } from './fsck.repository.ts';

/** Leaves at once: a list may have 20,000 chains. */
const PAGE = 16;
/** Longer than the longest LEDGER_HEAD_SECONDS with the two minutes that an event may be committed late. */
const MAX_WAIT_MS = 120 * MINUTE_MS;

/** Compares the lists of an audit log with what its leaves cover, and with the events of the chains. */
@Injectable()
export class ChainListCheck {
  constructor(private readonly database: Database) {}

  async *faultsOf(log: LedgerLog, now: Date): AsyncGenerator<LogFault> {
    const uncovered = await countUncovered(this.database, log.bank, addMs(now, -MAX_WAIT_MS));
    if (uncovered > 0) yield { fault: 'audit-uncovered', detail: String(uncovered) };
    const last = await selectLastNumber(this.database, log.bank, log.kind);
    for (let after = 0; after < last; after += PAGE) {
      const leaves = await selectCheckedLeaves(this.database, log, after, after + PAGE);
      const chains = await selectCheckedChains(this.database, log.bank, after, after + PAGE);
      for (const { number, digest, place } of leaves) {
        const list = chains.filter((chain) => chain.number === number);
        if (place === 'here' && !auditDigest(list).equals(digest)) yield { fault: 'audit-list-changed', number };
        yield* list.flatMap(faultsOfChain);
      }
    }
  }
}

function faultsOfChain({ number, subject, seq, hash, stored }: CheckedChain): readonly LogFault[] {
  const detail = `${subject} ${seq}`;
  if (!stored) return [{ fault: 'audit-event-missing', number, detail }];
  return stored.equals(hash) ? [] : [{ fault: 'audit-event-changed', number, detail }];
}
