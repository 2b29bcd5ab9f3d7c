import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { formatInstant, type Clock } from '../kernel/clock.ts';
import type { ConsentId } from '../kernel/ids.ts';
import { consentSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import type { Tx } from '../database/database.ts';
import { revokeTokensOfConsent } from '../client-auth/access-tokens.ts';
import { expireBefore } from './expiry/expiry.repository.ts';

/** Which consents are ended, on whose behalf, and how many at a time. */
export interface MassEnd {
  readonly before: Date;
  readonly limit: number;
  readonly actor: string;
}

export interface MassEnded {
  readonly consentIds: readonly ConsentId[];
  /** The number of their live tokens. */
  readonly tokens: number;
}

/** Ends every consent that was pushed before a moment, even if its time is not up: a restored database cannot be trusted. */
@Injectable()
export class MassExpiry {
  constructor(
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends the next ones, with their tokens and an event for each; returns none if all have ended. */
  async endNext(tx: Tx, { before, limit, actor }: MassEnd): Promise<MassEnded> {
    const at = this.clock.now();
    const ended = await expireBefore(tx, before, at, limit);
    let tokens = 0;
    for (const { consentId } of ended) tokens += await revokeTokensOfConsent(tx, consentId, at);
    const events = ended.map(({ consentId, bank, reason }) => {
      const detail = { reason, pushedBefore: formatInstant(before) };
      return [consentSubject(bank, consentId), { type: 'consent.expired', at, actor, detail }] as const;
    });
    await this.audit.appendEvents(tx, new Map(events));
    return { consentIds: ended.map(({ consentId }) => consentId), tokens };
  }
}
