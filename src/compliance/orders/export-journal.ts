import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { Announcements, type Patience } from '../../database/announcements.ts';
import type { Tx } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { exportSubject } from '../../kernel/subject.ts';
import { Metrics } from '../../operations/metrics.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { FoundConsent } from '../export/consent-pages.ts';
import type { ExportApproval } from '../export/manifest.ts';
import { needsApproval } from '../export-request.ts';
import { Signatories } from '../identity/signatories.ts';
import { approvalStatement, type ExportFailure, type ExportOrder } from './export-order.ts';

/** No approval is of this order as it is: it was altered, or its approval was. */
export class OrderUnapproved extends Error {}

/** What happens to exports: recorded for good, and announced to those that wait. */
@Injectable()
export class ExportJournal {
  constructor(
    private readonly trail: AuditTrail,
    private readonly announcements: Announcements,
    private readonly metrics: Metrics,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly signatories: Signatories,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** An event in the export's own chain, with what the transaction does. */
  async record(tx: Tx, exportId: string, type: string, actor: string, detail: JsonObject): Promise<void> {
    await this.trail.appendEvent(tx, exportSubject(exportId), { type, at: this.now(), actor, detail });
  }

  /** The same by itself; it is committed when this resolves. */
  async recordAlone(exportId: string, type: string, actor: string, detail: JsonObject): Promise<void> {
    await this.trail.appendStandalone(exportSubject(exportId), { type, at: this.now(), actor, detail });
  }

  /** That consents are in the result, in the chain of each. */
  async recordExported(tx: Tx, order: ExportOrder, exported: readonly FoundConsent[]): Promise<void> {
    const { exportId, requestedBy: actor, format, purpose, caseReference } = order;
    const events = exported.map(({ subject, consent: { evidenceId } }) => {
      const detail = { evidenceId, exportId, purpose, caseReference: caseReference ?? null, format };
      return [subject, { type: 'evidence.exported', at: this.now(), actor, detail }] as const;
    });
    await this.trail.appendEvents(tx, new Map(events));
  }

  /**
   * The approval of an order that needs one: what was approved is compared with what the order is now.
   * @throws OrderUnapproved
   */
  async approvalOf(order: ExportOrder): Promise<ExportApproval | undefined> {
    if (!needsApproval(order)) return undefined;
    const requester = await this.signatories.find(order.exportId, 'requester');
    const approver = await this.signatories.find(order.exportId, 'approver');
    const { text } = approvalStatement(order, requester?.tokenSha256);
    if (approver?.statement.text !== text) throw new OrderUnapproved();
    return {
      issuer: approver.issuer,
      at: approver.signedAt,
      idTokenSha256: approver.tokenSha256.toString('hex'),
      requesterTokenSha256: requester?.tokenSha256.toString('hex'),
      statement: text,
    };
  }

  /** Call it after the commit. */
  countFailed(failure: ExportFailure): void {
    this.metrics.count('sigill_exports_failed_total', 'Exports that ended without a result', { failure });
  }

  /** Call it after the commit. */
  announce(exportId: string): void {
    this.announcements.announce(exportSubject(exportId));
  }

  mark(): number {
    return this.announcements.mark();
  }

  next(exportId: string, mark: number, patience: Patience): Promise<boolean> {
    return this.announcements.next(exportSubject(exportId), mark, patience);
  }
}
