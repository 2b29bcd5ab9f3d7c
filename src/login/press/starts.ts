import { Inject, Injectable } from '@nestjs/common';
import { nonceHash } from '../../attempts/return-nonce.ts';
import { eventText } from '../../audit/audit-trail.ts';
import type { Progress, Scannable } from '../../bankid-sign/sign-order.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { Database } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { LoginId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Login } from '../login.ts';
import { recordReturn } from './return.repository.ts';

/** How the person's BankID is started for a login, and how an app comes back from it. */
@Injectable()
export class Starts {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param scan of the login's progress, where that has just been read */
  findQrFrame(loginId: LoginId, scan?: Scannable): Promise<string | undefined> {
    return this.orders.findQrFrame(loginId, this.clock.now(), scan);
  }

  findLaunchLink(loginId: LoginId, userAgent: string): Promise<string | undefined> {
    return this.orders.currentLaunchLink(loginId, userAgent);
  }

  /** Whether the progress is another. Nothing is renewed for a login that can no longer be answered. */
  async keepLaunchable({ loginId, state, expiresAt }: Login, progress: Progress): Promise<boolean> {
    const now = this.clock.now();
    return state === 'awaiting' && now < expiresAt && this.orders.keepLaunchable(loginId, progress, now);
  }

  async recordReturn(
    loginId: LoginId,
    nonce: string,
    type: 'app.returned' | 'browser.returned' = 'app.returned',
  ): Promise<boolean> {
    const at = this.clock.now();
    const event = eventText({ type, at, actor: 'payer', detail: {} });
    const recorded = await recordReturn(this.database, { loginId, nonceHash: nonceHash(nonce), at, event });
    if (recorded === 'recorded') await this.orders.resumeSettlement(loginId);
    return recorded !== undefined;
  }
}
