import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { formatInstant, type Clock } from '../kernel/clock.ts';
import type { Period } from '../audit/period.ts';
import { CLOCK } from '../operations/clock.ts';
import { AuditReading, type AuditReport } from './audit-reading.ts';
import { StoredRows, type RowsReport } from './reverify/stored-rows.ts';
import { VerdictsOfPeriod, type VerdictsReport } from './reverify/verdicts-of-period.ts';

export interface ReverificationSummary extends VerdictsReport {
  readonly from: string;
  readonly to: string;
  readonly rows: RowsReport;
  readonly audit: AuditReport;
}

/**
 * Checks what is stored again after an upgrade, an incident or a new attack: today's verdict on each evidence, the rows of
 * each consent against each other and against what was signed, and the audit trail.
 */
@Injectable()
export class Reverification {
  constructor(
    private readonly verdicts: VerdictsOfPeriod,
    private readonly rows: StoredRows,
    private readonly audit: AuditReading,
    private readonly trail: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Checks evidence that was stored, consents that were open and chains that grew in the period. */
  async run(period: Period, actor: string): Promise<ReverificationSummary> {
    const verdicts = await this.verdicts.verify(period);
    const rows = await this.rows.compare(period);
    const audit = await this.audit.verify(period);
    const times = { from: formatInstant(period.from), to: formatInstant(period.to) };
    const { verified, erased, changed, damaged, logins } = verdicts;
    await this.trail.appendStandalone(`reverification:${randomUUID()}`, {
      type: 'evidence.reverified',
      at: this.clock.now(),
      actor,
      detail: {
        ...times,
        verified,
        erased,
        changed: changed.length,
        damaged: damaged.length,
        logins: {
          verified: logins.verified,
          erased: logins.erased,
          changed: logins.changed.length,
          damaged: logins.damaged.length,
        },
        differences: rows.differences.length,
        audit: audit.findings.length,
      },
    });
    return { ...times, ...verdicts, rows, audit };
  }
}
