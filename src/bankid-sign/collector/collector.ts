import { Inject, Injectable, Logger } from '@nestjs/common';
import { countedStatements } from '../../operations/statement-count.ts';
import { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import { describeError } from '../../operations/describe-error.ts';
import { Workers } from '../../operations/workers.ts';
import { giveUpStaleRequests } from '../order/sign-order.repository.ts';
import { TIMINGS, type Timings } from '../timings.ts';
import type { LeasedOrder } from './collect.repository.ts';
import { OrderCollection, type WaitingOrder } from './order-collection.ts';

/**
 * Further orders are left to other instances, or to the next round. Fewer than the connections: a collect that
 * waited for a connection would use up its time-out before it was sent, and might be abandoned just as the only answer comes.
 */
const MAX_IN_FLIGHT = 128;
/** Orders that are due and found no room are leased once this many collects are left, and not at the next tick. */
const FEW_IN_FLIGHT = MAX_IN_FLIGHT / 2;
const STALE_SWEEP_MS = 5_000;

/**
 * Asks BankID for every pending order. Each round reschedules, in one statement, what was answered since the last, and leases,
 * in one statement, what is due; it does not wait for the answers, so that one slow collect delays no other order.
 */
@Injectable()
export class Collector {
  readonly #log = new Logger('bankid-sign');
  readonly #inFlight = new Set<Promise<void>>();
  #waiting: WaitingOrder[] = [];
  #sweptMs = -Infinity;
  /** The last round found no room for more: there may be orders that are due. */
  #isBehind = false;
  readonly #runSoon: () => void;

  constructor(
    private readonly collection: OrderCollection,
    private readonly database: Database,
    private readonly metrics: Metrics,
    @Inject(TIMINGS) timings: Timings,
    workers: Workers,
  ) {
    this.#runSoon = workers.add({
      name: 'collector',
      intervalMs: timings.tickMs,
      runOnce: () => this.runOnce(),
      // A collect in progress may get the final answer, which BankID gives only once.
      finish: () => this.settleInFlight(),
    });
  }

  /** One round. */
  async runOnce(): Promise<void> {
    await this.#rescheduleWaiting();
    const room = MAX_IN_FLIGHT - this.#inFlight.size;
    const orders = room > 0 ? await this.collection.leaseDue(room) : [];
    this.#isBehind = orders.length >= room;
    for (const order of orders) this.#dispatch(order);
    await this.#sweep();
  }

  /** Resolves when every collect of this instance is answered and recorded. */
  async settleInFlight(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
    await this.#rescheduleWaiting();
  }

  async #rescheduleWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    // If this fails, the leases run out and another round finds the orders.
    await this.collection.reschedule(waiting);
  }

  #dispatch(order: LeasedOrder): void {
    const collecting = countedStatements(this.metrics, 'worker collector', () => this.collection.collect(order))
      .then((waiting) => {
        if (waiting) this.#waiting.push(waiting);
      })
      .catch((error: unknown) => this.#logError(`order ${order.orderId}: collect could not be recorded`, error))
      .finally(() => this.#collected(collecting));
    this.#inFlight.add(collecting);
  }

  #collected(collecting: Promise<void>): void {
    this.#inFlight.delete(collecting);
    if (!this.#isBehind || this.#inFlight.size > FEW_IN_FLIGHT) return;
    this.#isBehind = false;
    this.#runSoon();
  }

  async #sweep(): Promise<void> {
    if (performance.now() - this.#sweptMs < STALE_SWEEP_MS) return;
    this.#sweptMs = performance.now();
    const givenUp = await giveUpStaleRequests(this.database);
    if (givenUp > 0) this.#log.warn(`${givenUp} requested orders were never answered and have been abandoned`);
    await this.#reportOrphans();
  }

  /** Only the certificate that placed an order can collect it. */
  async #reportOrphans(): Promise<void> {
    const orphans = await this.collection.endOrphans();
    for (const { relyingParty, waiting } of orphans)
      this.#log.error(`${waiting} open orders need the RP certificate "${relyingParty}", which the ring lacks`);
    const waiting = orphans.reduce((sum, orphan) => sum + orphan.waiting, 0);
    this.metrics.setGauge(
      'sigill_orders_without_certificate',
      'Open orders whose RP certificate this instance lacks',
      waiting,
    );
  }

  #logError(message: string, error: unknown): void {
    this.#log.error({ message, error: describeError(error) });
  }
}
