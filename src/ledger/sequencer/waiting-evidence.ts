import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { earlierOf } from '../../kernel/clock.ts';
import { LedgerHealth } from '../state/ledger-health.ts';
import { selectWaiting } from './sequence.repository.ts';

/** Watches whether all evidence gets its number. Every instance does, because those that number it may all be down. */
@Injectable()
export class WaitingEvidence {
  constructor(
    private readonly database: Database,
    private readonly health: LedgerHealth,
  ) {}

  async runOnce(): Promise<void> {
    const waiting = (await selectWaiting(this.database)).map(({ since }) => since);
    this.health.sawWaiting(waiting.length === 0 ? undefined : waiting.reduce(earlierOf));
  }
}
