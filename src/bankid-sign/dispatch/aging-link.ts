import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { OrderCollection } from '../collector/order-collection.ts';
import type { LeasedOrder } from '../collector/collect.repository.ts';
import { Database } from '../../database/database.ts';
import { addMs, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Envelope } from '../../vault/envelope.ts';
import { Placement } from '../placement/placement.ts';
import { findAging, renewCancelled } from './aging-link.repository.ts';

/** A collect by another instance, or by this one, has the lease for some milliseconds. */
const LEASE_TRIES = 5;
const LEASE_PAUSE_MS = 100;

/** Links that open BankID on the device of the browser or of the TPP's app. BankID lets one start its order for about 30 s. */
@Injectable()
export class AgingLink {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly collection: OrderCollection,
    private readonly placement: Placement,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Renews the group's order if its link is as old as that and was not opened. Its lease is taken first, so that nothing else collects or
   * renews it; then BankID cancels it. If it is over at BankID, its answer decides, as ever.
   * @returns false where there was nothing to renew
   */
  async renew(group: string, agingMs: number): Promise<boolean> {
    for (let tries = 0; tries < LEASE_TRIES; tries += 1) {
      const now = this.clock.now();
      const orderId = await findAging(this.database, group, addMs(now, -agingMs), now);
      if (orderId === undefined) return tries > 0;
      const leased = await this.collection.lease(orderId);
      if (leased) {
        await this.#renewLeased(leased);
        return true;
      }
      await delay(LEASE_PAUSE_MS);
    }
    return true;
  }

  async #renewLeased(leased: LeasedOrder): Promise<void> {
    if (!(await this.collection.cancel(leased))) {
      await this.collection.collectLeased(leased);
      return;
    }
    const key = this.envelope.unwrapFound(leased.subject, leased.key);
    const renewal = await this.database.inTransaction(async (tx) => {
      const isRenewed = await renewCancelled(tx, leased, this.clock.now());
      return isRenewed ? this.placement.insertRenewal(tx, key, leased.orderId) : undefined;
    });
    if (renewal) await this.placement.sendRenewal(renewal);
  }
}
