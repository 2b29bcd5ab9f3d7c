import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { Device } from '../sign-order.ts';
import { stateAfter } from '../order/refusal.ts';
import { sealStart } from '../order/sealed-order.ts';
import { markNotStarted, markStarted } from '../order/sign-order.repository.ts';
import { TIMINGS, type Timings } from '../timings.ts';
import { RpClient } from '../rp-api/rp-client.ts';
import type { RpFailure } from '../rp-api/rp-failure.ts';
import type { SignBody } from '../rp-api/sign-body.ts';

/** An order that is stored but not yet sent to BankID. */
export interface UnsentOrder {
  readonly orderId: OrderId;
  readonly device: Device;
  readonly body: SignBody;
  readonly key: DataKey;
}

/** Sends stored orders to BankID. */
@Injectable()
export class Submission {
  constructor(
    private readonly database: Database,
    private readonly client: RpClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TIMINGS) private readonly timings: Timings,
  ) {}

  /** Calls /sign and records the result; undefined if BankID has the order and we have the tokens that start it. */
  async send({ orderId, body, key }: UnsentOrder): Promise<RpFailure | undefined> {
    const result = await this.client.sign(body);
    const at = this.clock.now();
    if (!result.answered) {
      await markNotStarted(this.database, orderId, stateAfter(result.failure), result.failure.kind);
      return result.failure;
    }
    const { orderRef } = result.value;
    const startSealed = sealStart(key, orderId, result.value);
    const firstCollectMs = this.timings.collectIntervalMs;
    if (await markStarted(this.database, { orderId, orderRef, startSealed, at, firstCollectMs })) return undefined;
    // Abandoned during the call: an order that cannot be started must not stay open at BankID.
    await this.client.cancel(orderRef);
    return { kind: 'connection-lost', status: undefined, details: 'the order was abandoned meanwhile' };
  }
}
