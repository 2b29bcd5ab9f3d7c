import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { Workers } from '../../operations/workers.ts';
import { Endings } from '../press/endings.ts';
import { UnplacedOrders } from '../press/unplaced-orders.ts';
import { findEndedWithOpenOrder } from './expiry.repository.ts';
import { Expiry } from './expiry.ts';

const BATCH = 50;

/** Ends logins whose time is up or whose order was never made, and withdraws open orders of ended logins. */
@Injectable()
export class LoginExpirySweeper {
  constructor(
    private readonly database: Database,
    private readonly expiry: Expiry,
    private readonly endings: Endings,
    private readonly unplaced: UnplacedOrders,
    workers: Workers,
  ) {
    workers.add({ name: 'login-sweeper', intervalMs: SECOND_MS, runOnce: () => this.sweep(), batch: BATCH });
  }

  /** Ends up to a batch of logins whose time is up; returns how many. */
  async sweep(): Promise<number> {
    const expired = await this.expiry.endDue(BATCH);
    await this.unplaced.endNext(BATCH);
    // Also orders that were made just as the login ended, or left by an instance that died before withdrawing them.
    for (const loginId of await findEndedWithOpenOrder(this.database, BATCH)) await this.endings.withdraw(loginId);
    return expired;
  }
}
