import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../database/database.ts';
import { addMs, DAY_MS, MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { ClientId, OrderId } from '../kernel/ids.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import { CLOCK } from '../operations/clock.ts';
import { Metrics } from '../operations/metrics.ts';
import { Workers } from '../operations/workers.ts';
import { Envelope } from '../vault/envelope.ts';
import { personHash, personHashes } from '../vault/person-hash.ts';
import { rfaOfFailure } from './order/rfa-code.ts';
import {
  countPhoneOrders,
  forgetPersons,
  insertLift,
  insertPhoneOrder,
  lockPerson,
  selectPhoneClients,
  type PhoneClient,
  type PhoneCount,
} from './phone/phone-order.repository.ts';

export type { PhoneClient } from './phone/phone-order.repository.ts';

/** Of one person, over all clients. */
const MAX_IN_TEN_MINUTES = 3;
const MAX_IN_DAY = 10;

type Refusal = 'stopped' | 'busy' | 'ten-minutes' | 'day';

/** A phone order that is about to be stored. */
export interface PhoneOrder {
  readonly orderId: OrderId;
  readonly clientId: ClientId;
  readonly person: PersonalNumber;
  readonly placedAt: Date;
  /** Of the conformance suite's clients, in the sandbox: one open order for each person, and nothing else. */
  readonly limits: 'none' | undefined;
}

/**
 * The limits of orders in phone calls. BankID lets every client that knows a personal number ask for a signature in a call; that is how
 * fraud begins, and how a person is worn down.
 * @see docs/adr/0029-calls-are-limited-where-orders-are-stored.md
 */
@Injectable()
export class PhoneOrders {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    workers.add({ name: 'phone-persons', intervalMs: MINUTE_MS, runOnce: () => this.forgetPersons() });
    metrics.addGauge(
      'sigill_phone_clients_stopped',
      'Clients whose phone orders are stopped because too many were declined',
      async () => (await selectPhoneClients(database)).filter(({ isStopped }) => isStopped).length,
    );
  }

  /**
   * Counts an order, in the transaction that stores it, or refuses it: then that transaction must not commit. A refusal on account of
   * the person is the answer of BankID to a person with another open order, so that nothing is learnt of other clients' calls.
   * @returns the groups of the client's own open orders for the person, to be withdrawn before this one is sent
   * @throws DomainError `bankid.already-in-progress`; `oauth.unauthorized-client` where the client is stopped
   */
  async admit(tx: Tx, { orderId, clientId, person, placedAt, limits }: PhoneOrder): Promise<readonly string[]> {
    const hashes = personHashes(this.envelope, person);
    await lockPerson(tx, hashes);
    const count = await countPhoneOrders(tx, {
      personHashes: hashes,
      clientId,
      daySince: addMs(placedAt, -DAY_MS),
      tenMinutesSince: addMs(placedAt, -10 * MINUTE_MS),
    });
    const refusal = refusalOf(count, limits);
    if (refusal) throw this.#refuse(refusal, clientId);
    await insertPhoneOrder(tx, { orderId, clientId, personHash: personHash(this.envelope, person), placedAt });
    return count.openGroups;
  }

  /** Whom the orders of more than a day ago were for. */
  forgetPersons(): Promise<void> {
    return forgetPersons(this.database, addMs(this.clock.now(), -DAY_MS));
  }

  /** All clients with phone orders. */
  listClients(): Promise<PhoneClient[]> {
    return selectPhoneClients(this.database);
  }

  /** The client's phone orders are counted anew. @param by the operator */
  lift(clientId: ClientId, by: string): Promise<void> {
    return insertLift(this.database, { clientId, liftedAt: this.clock.now(), liftedBy: by });
  }

  #refuse(reason: Refusal, clientId: ClientId): DomainError {
    this.metrics.count('sigill_phone_orders_refused_total', 'Phone orders refused by a limit', { reason });
    const log = `phone order of ${clientId} refused: ${reason}`;
    if (reason === 'stopped')
      return new DomainError('oauth.unauthorized-client', {
        detail: 'Phone calls of this client are stopped, because too many were declined.',
        log,
      });
    return new DomainError('bankid.already-in-progress', {
      extra: { messageCode: rfaOfFailure('already-in-progress', 'call') },
      log,
    });
  }
}

function refusalOf(count: PhoneCount, limits: PhoneOrder['limits']): Refusal | undefined {
  if (count.isStopped && limits !== 'none') return 'stopped';
  if (count.isBusy) return 'busy';
  if (limits === 'none') return undefined;
  if (count.inTenMinutes >= MAX_IN_TEN_MINUTES) return 'ten-minutes';
  return count.inDay >= MAX_IN_DAY ? 'day' : undefined;
}
