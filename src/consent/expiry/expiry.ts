import { Inject, Injectable } from '@nestjs/common';
import { windowStart } from '../../attempts/attempt-limits.ts';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Clock } from '../../kernel/clock.ts';
import { consentSubject } from '../../kernel/subject.ts';
import type { InteractionId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Tx } from '../../database/database.ts';
import { revokeTokensOfConsent } from '../../client-auth/access-tokens.ts';
import { Authorisations } from '../authorisations.ts';
import type { Consent, StoredConsent } from '../consent.ts';
import { lifetimes } from '../lifetimes.ts';
import { findConsent, findUnbound } from '../store/consent.repository.ts';
import { expire, expireOne, expireUnbegun, type ExpiredConsent } from './expiry.repository.ts';

/** Ends consents whose time is up: batches for the sweeper, and a single one when it is read before the sweeper has run. */
@Injectable()
export class Expiry {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly authorisations: Authorisations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends up to `limit` consents, and returns them. */
  async endDue(limit: number): Promise<readonly ExpiredConsent[]> {
    const now = this.clock.now();
    return this.database.inTransaction(async (tx) => {
      const ended = await expire(tx, now, limit);
      await this.#conclude(tx, ended, now);
      return ended;
    });
  }

  /**
   * The consent in its present state: a consent whose time is up is never shown as open. One that waits for the verdict on an
   * answer that came in time keeps waiting.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  async current(stored: StoredConsent): Promise<Consent> {
    return this.authorisations.getConsent(await this.#inTime(stored));
  }

  /**
   * The consent of an interaction that was not begun in time, which has ended or is ended now.
   * Undefined for any other interaction.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  async endUnbegun(interactionId: InteractionId): Promise<Consent | undefined> {
    const unbegun = await findUnbound(this.database, interactionId);
    if (!unbegun) return undefined;
    if (unbegun.state !== 'awaiting-authorisation') return this.authorisations.getConsent(unbegun);
    const now = this.clock.now();
    const times = { now, pushedAfter: windowStart(now, lifetimes.firstPostMs) };
    const isEnded = await this.database.inTransaction(async (tx) => {
      const ended = await expireUnbegun(tx, interactionId, times);
      if (ended) await this.#conclude(tx, [ended], now);
      return ended !== undefined;
    });
    const ended = isEnded ? await findUnbound(this.database, interactionId) : undefined;
    return ended && this.authorisations.getConsent(ended);
  }

  async #inTime(stored: StoredConsent): Promise<StoredConsent> {
    const now = this.clock.now();
    const isOpen = stored.state === 'awaiting-authorisation' || stored.state === 'authorised';
    if (!isOpen || stored.expiresAt > now) return stored;
    await this.database.inTransaction(async (tx) => {
      const ended = await expireOne(tx, stored.consentId, now);
      if (ended) await this.#conclude(tx, [ended], now);
    });
    return (await findConsent(this.database, stored.consentId)) ?? stored;
  }

  async #conclude(tx: Tx, ended: readonly ExpiredConsent[], at: Date): Promise<void> {
    for (const { consentId } of ended) await revokeTokensOfConsent(tx, consentId, at);
    const events = ended.map(({ consentId, bank, reason }) => {
      const event = { type: 'consent.expired', at, actor: 'service', detail: { reason } };
      return [consentSubject(bank, consentId), event] as const;
    });
    await this.audit.appendEvents(tx, new Map(events));
  }
}
