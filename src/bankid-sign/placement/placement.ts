import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { newOrderId, type OrderId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Tx } from '../../database/database.ts';
import type { DataKey } from '../../vault/envelope.ts';
import { hasUnsettledSignature } from '../order-group.repository.ts';
import { PhoneOrders } from '../phone-orders.ts';
import { orderBody, plainAddress } from '../rp-api/order-body.ts';
import type { OrderRequest, OrderStart } from '../sign-order.ts';
import { deviceOf, platformOfStart } from '../order/launch-link.ts';
import { getRenewable } from './renewal.repository.ts';
import { openRequest, sealRequest } from '../order/sealed-order.ts';
import { insertRequested, type RequestedOrder } from '../order/sign-order.repository.ts';
import { Submission, type UnsentOrder } from './submission.ts';

/** Places orders: first the row, then the call. */
@Injectable()
export class Placement {
  constructor(
    private readonly submission: Submission,
    private readonly phones: PhoneOrders,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * The row of an order, which is yet to be made at BankID. Undefined, and no row, where the group has an open order.
   * @throws DomainError `order.already-open` while a signature of the group waits to be settled; as {@link PhoneOrders.admit}
   * @throws RangeError when the request exceeds BankID's limits
   */
  async insert(tx: Tx, key: DataKey, request: OrderRequest): Promise<UnsentOrder | undefined> {
    const { purpose, group, subject, kind, context, relyingParty } = request;
    const body = orderBody(request, this.config);
    const start = plainStart(request.start);
    const { way } = start;
    const device = deviceOf(start);
    const orderId = newOrderId();
    const now = this.clock.now();
    const isInserted = await insertRequested(tx, {
      orderId,
      purpose,
      group,
      subject,
      kind,
      way,
      device,
      platform: platformOfStart(start),
      relyingParty,
      relyingPartyName: this.submission.nameOf(relyingParty),
      requestSealed: sealRequest(key, orderId, { body, start, context }),
      requestedAt: now,
      pressedAt: now,
      renewal: 0,
      renewedFrom: undefined,
    });
    if (isInserted) {
      const supersedes = await this.#admit(tx, request, orderId, now);
      return { orderId, kind, way, device, relyingParty, body, key, supersedes };
    }
    if (await hasUnsettledSignature(tx, purpose, group)) throw new DomainError('order.already-open');
    return undefined;
  }

  /** The row of an order that takes the place of `former`, in the transaction that gives up the former. */
  async insertRenewal(tx: Tx, key: DataKey, former: OrderId): Promise<UnsentOrder> {
    const { requestSealed, ...order } = await getRenewable(tx, former);
    const request = openRequest(key, former, requestSealed);
    const orderId = newOrderId();
    const renewal: RequestedOrder = {
      ...order,
      orderId,
      requestSealed: sealRequest(key, orderId, request),
      relyingPartyName: this.submission.nameOf(order.relyingParty),
      requestedAt: this.clock.now(),
      renewal: order.renewal + 1,
      renewedFrom: former,
    };
    if (!(await insertRequested(tx, renewal))) throw new DomainError('order.already-open');
    const { kind, way, device, relyingParty } = order;
    return { orderId, kind, way, device, relyingParty, body: request.body, key, supersedes: [] };
  }

  async #admit(tx: Tx, request: OrderRequest, orderId: OrderId, placedAt: Date): Promise<readonly string[]> {
    const { start, clientId, phoneLimits: limits, requirement } = request;
    // Its body, which names the person, was made before.
    if (start.way !== 'phone' || requirement.personalNumber === undefined) return [];
    return this.phones.admit(tx, { orderId, clientId, person: requirement.personalNumber, placedAt, limits });
  }

  /** After the transaction that wrote its row. Where BankID refuses it, the row says so. */
  async sendRenewal(renewal: UnsentOrder): Promise<void> {
    await this.submission.send(renewal);
  }
}

/** With the address as BankID is told it. */
function plainStart(start: OrderStart): OrderStart {
  return start.way === 'phone' ? start : { ...start, endUserIp: plainAddress(start.endUserIp) };
}
