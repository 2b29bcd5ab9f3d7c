import { Injectable } from '@nestjs/common';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { Database } from '../../database/database.ts';
import { Workers } from '../../operations/workers.ts';
import { withdrawOrder } from '../../attempts/withdraw-order.ts';
import { findEndedWithOpenOrder } from './expiry.repository.ts';
import { Expiry } from './expiry.ts';
import { UnplacedOrders } from './unplaced-orders.ts';

const BATCH = 50;

/** Ends consents whose time is up, or whose only order was not made, and withdraws open BankID orders of ended consents. */
@Injectable()
export class ExpirySweeper {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly expiry: Expiry,
    private readonly unplaced: UnplacedOrders,
    workers: Workers,
  ) {
    workers.add({ name: 'expiry-sweeper', intervalMs: SECOND_MS, runOnce: () => this.sweep(), batch: BATCH });
  }

  /** Expires up to a batch of consents; returns how many. */
  async sweep(): Promise<number> {
    const expired = await this.expiry.endDue(BATCH);
    await this.unplaced.endNext(BATCH);
    // Also orders that were started just as the consent ended, or left by an instance that died before withdrawing them.
    for (const consentId of await findEndedWithOpenOrder(this.database, BATCH)) {
      await withdrawOrder(this.orders, consentId);
    }
    return expired.length;
  }
}
