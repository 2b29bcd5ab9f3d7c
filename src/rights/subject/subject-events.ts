import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';

/** The events of answers to persons. */
@Injectable()
export class SubjectEvents {
  constructor(
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  append(subject: string, actor: string, caseReference: string): Promise<void> {
    const event = { type: 'subject.answered', at: this.clock.now(), actor, detail: { case: caseReference } };
    return this.audit.appendStandalone(subject, event);
  }
}
