import { Inject, Injectable } from '@nestjs/common';
import { nonceHash } from '../../attempts/return-nonce.ts';
import { eventText } from '../../audit/audit-trail.ts';
import type { Progress } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Database } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Consent } from '../consent.ts';
import { Expiry } from '../expiry/expiry.ts';
import { findConsent } from '../store/consent.repository.ts';
import { recordAppReturn } from './app-return.repository.ts';

/** How far a request has come. */
export interface BackchannelState {
  readonly consent: Consent;
  /** Of the latest order. */
  readonly progress: Progress | undefined;
}

/** What becomes of a request that was begun. */
@Injectable()
export class RequestProgress {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly expiry: Expiry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Undefined for a consent that is signed on a page of ours. */
  async find(consentId: ConsentId): Promise<BackchannelState | undefined> {
    const stored = await findConsent(this.database, consentId);
    if (!stored || stored.channel.way === 'browser') return undefined;
    const progress = await this.orders.findProgress(consentId);
    return { consent: await this.expiry.current(stored), progress };
  }

  findQrFrame(consentId: ConsentId): Promise<string | undefined> {
    return this.orders.findQrFrame(consentId, this.clock.now());
  }

  /** False for a nonce that is not of this consent's order. */
  async recordReturn(consentId: ConsentId, clientId: string, nonce: string): Promise<boolean> {
    const at = this.clock.now();
    const event = eventText({ type: 'app.returned', at, actor: clientId, detail: {} });
    const recorded = await recordAppReturn(this.database, { consentId, nonceHash: nonceHash(nonce), at, event });
    if (recorded === 'recorded') await this.orders.resumeSettlement(consentId);
    return recorded !== undefined;
  }
}
