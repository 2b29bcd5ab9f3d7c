import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { findInstant, type Clock } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { CLOCK } from '../../operations/clock.ts';
import { readingPurposes, type ReadingPurpose } from '../../uploads/purpose.ts';

/** A person is not to learn of these from an answer: it could warn them of an investigation. */
const WITHHELD: readonly ReadingPurpose[] = ['authority-request', 'fraud-investigation'];

/** The events of answers to persons, and the readings of evidence that an answer speaks of. */
@Injectable()
export class SubjectEvents {
  constructor(
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  append(
    subject: string,
    type: 'subject.drafted' | 'subject.answered' | 'erasure.refused',
    actor: string,
    detail: JsonObject,
  ): Promise<void> {
    return this.audit.appendStandalone(subject, { type, at: this.clock.now(), actor, detail });
  }

  /** Those whose purpose is one of the closed list and is not withheld. */
  async listReadings(subject: string): Promise<{ readonly at: Date; readonly purpose: ReadingPurpose }[]> {
    const events = await this.audit.listEvents(subject);
    return events.flatMap(({ event }) => {
      const { type, at, detail } = JSON.parse(event) as {
        readonly type: string;
        readonly at: string;
        readonly detail?: { readonly purpose?: unknown };
      };
      const purpose = readingPurposes.find((known) => known === detail?.purpose);
      const moment = findInstant(at);
      const isTold = ['evidence.read', 'evidence.exported', 'evidence.verified'].includes(type);
      return isTold && purpose && moment && !WITHHELD.includes(purpose) ? [{ at: moment, purpose }] : [];
    });
  }
}
