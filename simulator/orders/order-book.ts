import { randomUUID } from 'node:crypto';
import { invalidParameters, RpError } from '../rp/rp-error.ts';
import type { OrderRequest } from '../rp/order-request.ts';
import type { RelyingParty } from '../rp/relying-party.ts';
import type { ScenarioPlan } from '../scenarios/scenario-plan.ts';
import type { Faults, OrderFault } from './faults.ts';
import {
  ageOrder,
  failOrder,
  isAnswered,
  isCollectable,
  limits,
  type CompletionData,
  type Order,
  type StartTokens,
} from './order.ts';
import type { SimulatorTime } from './simulator-time.ts';

export interface Collected {
  readonly orderRef: string;
  readonly status: 'pending' | 'complete' | 'failed';
  readonly hintCode?: string;
  readonly completionData?: CompletionData;
}

/** All orders, and what a relying party does with them: place, collect, cancel. What the payer does is in app-orders.ts. */
export class OrderBook {
  readonly #time: SimulatorTime;
  readonly #faults: Faults;
  readonly #scenarios: ScenarioPlan;
  readonly #orders = new Map<string, Order>();
  readonly #byToken = new Map<string, Order>();
  #nextSweep = 0;

  constructor(time: SimulatorTime, faults: Faults, scenarios: ScenarioPlan) {
    this.#time = time;
    this.#faults = faults;
    this.#scenarios = scenarios;
  }

  /** @throws RpError `Maintenance`, if that was asked for; `alreadyInProgress`: the earlier order of the same person is cancelled with it */
  place(request: OrderRequest, relyingParty: RelyingParty): Order {
    this.#sweep();
    const fault = this.#faultOf(request);
    this.#refuseSecondOrder(request);
    const tokens = request.callInitiator === undefined ? makeTokens() : undefined;
    const order: Order = {
      orderRef: randomUUID(),
      tokens,
      relyingParty,
      request,
      placedAt: this.#time.passedMs(),
      qrEpochMs: this.#time.wall().getTime(),
      fault,
      scenario: undefined,
      state: {
        status: 'pending',
        hintCode: 'outstandingTransaction',
        startedAt: undefined,
        asks: undefined,
        busy: false,
      },
      startedBy: undefined,
      wrongCodes: 0,
      collected: false,
    };
    this.#orders.set(order.orderRef, order);
    if (tokens) {
      this.#byToken.set(tokens.autoStartToken, order);
      this.#byToken.set(tokens.qrStartToken, order);
    }
    return order;
  }

  /** Whether collecting now would give a final result. */
  isFinal(orderRef: string, relyingParty: RelyingParty): boolean {
    const order = this.#findOwn(orderRef, relyingParty);
    const now = this.#time.passedMs();
    return order !== undefined && isAnswered(order, now) && isCollectable(order, now);
  }

  /** @throws RpError for an order that is unknown, another's, cancelled, too old or collected already */
  collect(orderRef: string, relyingParty: RelyingParty): Collected {
    const order = this.#findOwn(orderRef, relyingParty);
    const now = this.#time.passedMs();
    if (!order || !isCollectable(order, now)) throw invalidParameters('No such order');
    const { state } = order;
    if (!isAnswered(order, now)) {
      const hintCode = state.status === 'pending' ? state.hintCode : 'processing';
      return { orderRef, status: 'pending', hintCode: order.fault.pendingHint ?? hintCode };
    }
    order.collected = true;
    if (state.status === 'failed') return { orderRef, status: 'failed', hintCode: state.hintCode };
    if (state.status === 'complete') return { orderRef, status: 'complete', completionData: state.completionData };
    throw invalidParameters('No such order');
  }

  /** @throws RpError unless the order is the relying party's own and pending */
  cancel(orderRef: string, relyingParty: RelyingParty): void {
    const order = this.#findOwn(orderRef, relyingParty);
    if (order?.state.status !== 'pending') throw invalidParameters('No such order');
    order.state = { status: 'cancelled', at: this.#time.passedMs() };
  }

  /** Newest first. */
  list(): readonly Order[] {
    const now = this.#time.passedMs();
    const orders = [...this.#orders.values()].reverse();
    for (const order of orders) ageOrder(order, now);
    return orders;
  }

  find(orderRef: string): Order | undefined {
    const order = this.#orders.get(orderRef);
    if (order) ageOrder(order, this.#time.passedMs());
    return order;
  }

  /** The order of a QR token or of an autostart token. */
  findByToken(token: string): Order | undefined {
    return this.#byToken.get(token);
  }

  /** @throws RpError `Maintenance` */
  #faultOf({ personalNumber }: OrderRequest): OrderFault {
    const scenario = this.#scenarios.take('placing', personalNumber);
    const fault = { ...this.#faults.takeOrder(), ...scenario?.fault(this.#time.wall()) };
    if (fault.inMaintenance) throw new RpError(503, 'Maintenance', 'The service is under maintenance');
    return fault;
  }

  #findOwn(orderRef: string, { relyingPartyName }: RelyingParty): Order | undefined {
    const order = this.find(orderRef);
    return order?.relyingParty.relyingPartyName === relyingPartyName ? order : undefined;
  }

  #refuseSecondOrder({ personalNumber }: OrderRequest): void {
    if (personalNumber === undefined) return;
    const earlier = this.list().find(
      (o) => o.state.status === 'pending' && o.request.personalNumber === personalNumber,
    );
    if (!earlier) return;
    failOrder(earlier, 'cancelled', this.#time.passedMs());
    throw new RpError(400, 'alreadyInProgress', 'Order already in progress for pno');
  }

  /** Removes orders that can no longer be collected or viewed; the map holds them in the order of placing. */
  #sweep(): void {
    const now = this.#time.passedMs();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + limits.startMs;
    for (const order of this.#orders.values()) {
      if (now - order.placedAt < limits.forgetMs) break;
      this.#orders.delete(order.orderRef);
      this.#byToken.delete(order.tokens?.autoStartToken ?? '');
      this.#byToken.delete(order.tokens?.qrStartToken ?? '');
    }
  }
}

const makeTokens = (): StartTokens => ({
  autoStartToken: randomUUID(),
  qrStartToken: randomUUID(),
  qrStartSecret: randomUUID(),
});
