import { Inject, Injectable } from '@nestjs/common';
import { Clients } from '../../../clients/clients.ts';
import { Database } from '../../../database/database.ts';
import { secondsSince, type Clock } from '../../../kernel/clock.ts';
import { CLOCK } from '../../../operations/clock.ts';
import { Metrics } from '../../../operations/metrics.ts';
import { Notifier, type Notified } from './notifier.ts';
import { findOldestPing } from './ping.repository.ts';
import type { Ping } from './sealed-ping.ts';

/** Delivers pings to where their clients are registered now, and counts what becomes of them. */
@Injectable()
export class PingDelivery {
  constructor(
    private readonly clients: Clients,
    private readonly notifier: Notifier,
    private readonly metrics: Metrics,
    database: Database,
    @Inject(CLOCK) clock: Clock,
  ) {
    metrics.addGauge('sigill_ping_overdue_seconds', 'Time since the oldest unsent ping was due', async () =>
      secondsSince(await findOldestPing(database), clock.now()),
    );
  }

  /** One try. A client that has gone, or has no endpoint any more, is not notified. */
  async deliver(clientId: string, ping: Ping): Promise<Notified> {
    const endpoint = this.clients.findClient(clientId)?.backchannel?.notificationEndpoint;
    const outcome = endpoint === undefined ? 'refused' : await this.notifier.notify(endpoint, ping);
    this.#count(outcome);
    return outcome;
  }

  /** The last try has failed. The request stays as it is: the client may still ask. */
  giveUp(): void {
    this.#count('given-up');
  }

  #count(outcome: Notified | 'given-up'): void {
    this.metrics.count('sigill_pings_total', 'Pings to clients by outcome', { outcome });
  }
}
