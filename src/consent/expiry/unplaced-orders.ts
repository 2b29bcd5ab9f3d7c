import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { Database } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { reject } from '../store/reject.repository.ts';
import { endAttemptOf, findOrderless, type Orderless } from './orderless.repository.ts';

/** Ends consents of backchannel requests whose order BankID does not have: a request is one press, and another one is a new request. */
@Injectable()
export class UnplacedOrders {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What a process left behind that died, or that could not renew an order: up to `limit`. */
  async endNext(limit: number): Promise<void> {
    for (const consent of await findOrderless(this.database, limit)) await this.end(consent, 'unanswered');
  }

  /** The order was not made, so no attempt is lost. No effect if the consent no longer waits. */
  async end(consent: Orderless, problem: string): Promise<void> {
    const now = this.clock.now();
    await this.database.inTransaction(async (tx) => {
      if (!(await reject(tx, consent.consentId, 'order-failed', now))) return;
      await endAttemptOf(tx, consent.consentId, problem, now);
      const event = (type: string, detail: JsonObject) => ({ type, at: now, actor: 'service', detail });
      const subject = consentSubject(consent.bank, consent.consentId);
      await this.audit.appendEvent(tx, subject, event('order.not-placed', { problem }));
      await this.audit.appendEvent(tx, subject, event('consent.rejected', { reason: 'order-failed' }));
    });
  }
}
