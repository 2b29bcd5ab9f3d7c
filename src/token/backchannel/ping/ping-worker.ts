import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '../../../database/database.ts';
import { addMs, SECOND_MS, type Clock } from '../../../kernel/clock.ts';
import { CLOCK } from '../../../operations/clock.ts';
import { describeError } from '../../../operations/describe-error.ts';
import { Workers } from '../../../operations/workers.ts';
import { Envelope } from '../../../vault/envelope.ts';
import { NOTIFY_WITHIN_MS } from './notifier.ts';
import { PingDelivery } from './ping-delivery.ts';
import { delayPing, endPing, leasePings, type LeasedPing } from './ping.repository.ts';
import { openPing } from './sealed-ping.ts';

const INTERVAL_MS = SECOND_MS;
/** How many are leased at a time, and how many of one client may be in hand: one that hangs keeps no other waiting. */
const BATCH = 5;
const MAX_IN_HAND = 40;
/** Longer than a try. */
const LEASE_MS = 3 * NOTIFY_WITHIN_MS;
/** After the first, second, third and fourth try. There are five: the token can be fetched for 300 s. */
const PAUSES_MS: readonly number[] = [5, 15, 45, 120].map((seconds) => seconds * SECOND_MS);

/**
 * Sends the pings of requests that have an outcome. The rows of the requests are the outbox, so no instance takes a ping with it when
 * it dies; one that was just being sent is sent again.
 */
@Injectable()
export class PingWorker {
  readonly #log = new Logger('ping-worker');
  /** Each with its client. */
  readonly #inHand = new Map<Promise<void>, string>();

  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly delivery: PingDelivery,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
  ) {
    workers.add({
      name: 'ping-worker',
      intervalMs: INTERVAL_MS,
      runOnce: () => this.runOnce(),
      batch: BATCH,
      finish: () => this.sendInHand(),
    });
  }

  /** Begins to send what is due, and does not wait for it. @returns how many */
  async runOnce(): Promise<number> {
    if (this.#inHand.size >= MAX_IN_HAND) return 0;
    const now = this.clock.now();
    const lease = { leaseId: randomUUID(), now, until: addMs(now, LEASE_MS) };
    const leased = await leasePings(this.database, lease, this.#busyClients(), BATCH);
    for (const ping of leased) this.#take(ping, lease.leaseId);
    return leased.length;
  }

  /** Resolves when every ping that this instance has leased was sent or has failed. */
  async sendInHand(): Promise<void> {
    while (this.#inHand.size > 0) await Promise.all(this.#inHand.keys());
  }

  #busyClients(): readonly string[] {
    const clients = [...this.#inHand.values()];
    return clients.filter((client) => clients.filter((other) => other === client).length >= BATCH);
  }

  #take(ping: LeasedPing, leaseId: string): void {
    const sending: Promise<void> = this.#send(ping, leaseId)
      .catch((error: unknown) => this.#log.error({ msg: 'a ping was not sent', err: describeError(error) }))
      .finally(() => this.#inHand.delete(sending));
    this.#inHand.set(sending, ping.clientId);
  }

  async #send({ id, clientId, subject, sealed, tries }: LeasedPing, leaseId: string): Promise<void> {
    const key = await this.envelope.findDataKey(this.database, subject);
    // Erased with the consent: there is nothing left to be said.
    const outcome = key ? await this.delivery.deliver(clientId, openPing(key, id, sealed)) : 'refused';
    const pauseMs = PAUSES_MS[tries - 1];
    if (outcome === 'failed' && pauseMs !== undefined)
      return delayPing(this.database, id, leaseId, addMs(this.clock.now(), pauseMs));
    if (outcome === 'failed') this.delivery.giveUp();
    return endPing(this.database, id, leaseId);
  }
}
