import { Inject, Injectable } from '@nestjs/common';
import { AuditLeaves } from '../audit/audit-leaves.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { LedgerLogs } from '../log/ledger-logs.ts';
import { LedgerHealth } from '../state/ledger-health.ts';
import { Failures } from '../state/failures.ts';
import { Heads } from './heads.ts';

/** Gives all logs that have grown their heads, and the audit logs their leaves before. A log that can get none holds up no other. */
@Injectable()
export class HeadRounds {
  constructor(
    private readonly logs: LedgerLogs,
    private readonly heads: Heads,
    private readonly audit: AuditLeaves,
    private readonly health: LedgerHealth,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'ledger'>,
  ) {}

  get intervalMs(): number {
    return this.config.ledger.headSeconds * SECOND_MS;
  }

  /** @returns how many leaves the largest head added */
  async runOnce(): Promise<number> {
    const failures = new Failures();
    let largest = 0;
    for (const bank of await this.logs.banks())
      largest = Math.max(largest, (await failures.collect(() => this.#advanceLogs(bank))) ?? 0);
    failures.throwFirst();
    return largest;
  }

  async #advanceLogs(bank: string): Promise<number> {
    let largest = 0;
    const { headSeconds } = this.config.ledger;
    await this.health.attempt(`the audit numbers of ${bank}`, () => this.audit.close(bank, headSeconds));
    const logs = await this.health.attempt(`the logs of ${bank}`, () => this.logs.openLogs(bank));
    for (const log of logs ?? []) {
      const added = await this.health.attempt(log.folder, () => this.heads.advance(log, headSeconds));
      largest = Math.max(largest, added ?? 0);
    }
    return largest;
  }
}
