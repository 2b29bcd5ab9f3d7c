import { Injectable } from '@nestjs/common';
import type { Period } from './period.ts';
import { Database } from '../database/database.ts';
import { ChainCheck, type ChainFault } from './check-chain.ts';
import { selectEventPage, selectSubjects } from './events/audit-event.repository.ts';

export interface ChainsReport {
  readonly chains: number;
  readonly events: number;
  readonly faults: readonly ChainFault[];
}

const SUBJECTS_PER_PAGE = 200;
const EVENTS_PER_PAGE = 500;

/** Reads every chain. It holds one page of subjects, one page of events and the faults in memory. */
@Injectable()
export class AuditChains {
  constructor(private readonly database: Database) {}

  /** @param period only chains with an event of this period, each from its first event; without it, all chains */
  async check(period?: Period): Promise<ChainsReport> {
    const report = { chains: 0, events: 0, faults: [] as ChainFault[] };
    let last: string | undefined;
    for (;;) {
      const subjects = await selectSubjects(this.database, period, last, SUBJECTS_PER_PAGE);
      last = subjects.at(-1);
      if (last === undefined) return report;
      report.chains += subjects.length;
      await this.#checkSubjects(subjects, report);
    }
  }

  async #checkSubjects(subjects: readonly string[], report: { events: number; faults: ChainFault[] }): Promise<void> {
    const check = new ChainCheck();
    let last: { readonly subject: string; readonly seq: number } | undefined;
    for (;;) {
      const page = await selectEventPage(this.database, subjects, last, EVENTS_PER_PAGE);
      last = page.at(-1);
      if (!last) return;
      report.events += page.length;
      for (const event of page) report.faults.push(...check.next(event));
    }
  }
}
