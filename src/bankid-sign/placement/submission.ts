import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { OrderDevice, OrderKind, OrderStart } from '../sign-order.ts';
import { stateAfter } from '../order/refusal.ts';
import { sealStart } from '../order/sealed-order.ts';
import { markNotStarted, markStarted } from '../order/sign-order.repository.ts';
import { RelyingParties } from '../relying-parties.ts';
import { TIMINGS, type Timings } from '../timings.ts';
import type { RpFailure } from '../rp-api/rp-failure.ts';
import { endpointOf, type OrderBody } from '../rp-api/order-body.ts';

/** An order that is stored but not yet sent to BankID. */
export interface UnsentOrder {
  readonly orderId: OrderId;
  readonly kind: OrderKind;
  readonly way: OrderStart['way'];
  readonly device: OrderDevice;
  readonly relyingParty: string;
  readonly body: OrderBody;
  readonly key: DataKey;
  /** Groups of the client's open phone orders for the same person, to be withdrawn first. */
  readonly supersedes: readonly string[];
}

/** Sends stored orders to BankID. */
@Injectable()
export class Submission {
  constructor(
    private readonly database: Database,
    private readonly parties: RelyingParties,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TIMINGS) private readonly timings: Timings,
  ) {}

  /** How BankID calls the relying party in what the payer signs. */
  nameOf(relyingParty: string): string {
    return this.parties.get(relyingParty).name;
  }

  /** An order that will not be sent. */
  async abandon(orderId: OrderId): Promise<void> {
    await markNotStarted(this.database, orderId, 'refused', 'withdrawn');
  }

  /** Calls BankID and records the result; undefined if BankID has the order and we have what starts it. */
  async send({ orderId, kind, way, relyingParty, body, key }: UnsentOrder): Promise<RpFailure | undefined> {
    const { client } = this.parties.get(relyingParty);
    const result = await client.placeOrder(endpointOf(kind, way), body);
    const at = this.clock.now();
    if (!result.answered) {
      await markNotStarted(this.database, orderId, stateAfter(result.failure), result.failure.kind);
      return result.failure;
    }
    const { orderRef, secrets } = result.value;
    const startSealed = secrets && sealStart(key, orderId, secrets);
    const firstCollectMs = this.timings.collectIntervalMs;
    if (await markStarted(this.database, { orderId, orderRef, startSealed, at, firstCollectMs })) return undefined;
    // Abandoned during the call: an order that cannot be started must not stay open at BankID.
    await client.cancel(orderRef);
    // In a phone call that is the client's own next order for the person.
    const failure = way === 'phone' ? 'already-in-progress' : 'connection-lost';
    return { kind: failure, status: undefined, details: 'the order was abandoned meanwhile' };
  }
}
