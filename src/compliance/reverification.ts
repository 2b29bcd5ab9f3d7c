import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { formatInstant, type Clock } from '../kernel/clock.ts';
import type { Period } from '../kernel/period.ts';
import { CLOCK } from '../platform/clock.ts';
import { AuditReading, type AuditReport } from './audit-reading.ts';
import { StoredVerdicts, type VerdictReport } from './reverify/stored-verdicts.ts';

export interface ReverificationSummary extends VerdictReport {
  readonly from: string;
  readonly to: string;
  readonly audit: AuditReport;
}

/** Today's verifier over what was stored, after an upgrade or when a new attack became known; and the audit trail beside it. */
@Injectable()
export class Reverification {
  constructor(
    private readonly verdicts: StoredVerdicts,
    private readonly audit: AuditReading,
    private readonly trail: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Evidence that was stored, consents that were open and chains that grew in the period. */
  async run(period: Period, actor: string): Promise<ReverificationSummary> {
    const verdicts = await this.verdicts.verify(period);
    const audit = await this.audit.verify(period);
    const times = { from: formatInstant(period.from), to: formatInstant(period.to) };
    const { verified, erased, changed, damaged } = verdicts;
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
        audit: audit.findings.length,
      },
    });
    return { ...times, ...verdicts, audit };
  }
}
