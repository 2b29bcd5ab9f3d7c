import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Tx } from '../database/database.ts';
import { formatInstant, type Clock } from '../kernel/clock.ts';
import { loginSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { expireBefore } from './expiry/expiry.repository.ts';

/** Which logins are ended, on whose behalf, and how many at a time. */
export interface MassEnd {
  readonly before: Date;
  readonly limit: number;
  readonly actor: string;
}

/** Ends every waiting login that was asked for before a moment, even if its time is not up: a restored database cannot be trusted. */
@Injectable()
export class LoginMassExpiry {
  constructor(
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends the next ones, with an event for each; returns how many, none if all have ended. */
  async endNext(tx: Tx, { before, limit, actor }: MassEnd): Promise<number> {
    const at = this.clock.now();
    const ended = await expireBefore(tx, before, at, limit);
    const detail = { reason: 'no-authentication', requestedBefore: formatInstant(before) };
    const event = { type: 'login.expired', at, actor, detail };
    const events = ended.map(({ clientId, loginId }) => [loginSubject(clientId, loginId), event] as const);
    await this.audit.appendEvents(tx, new Map(events));
    return ended.length;
  }
}
