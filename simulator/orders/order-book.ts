import { randomUUID } from 'node:crypto';
import { findPerson } from '../pki/people.ts';
import type { Pki } from '../pki/pki.ts';
import { invalidParameters, RpError } from '../rp/rp-error.ts';
import type { SignRequest } from '../rp/sign-request.ts';
import { testPolicies } from '../pki/oids.ts';
import { AppError } from './app-error.ts';
import type { Faults, OrderFault } from './faults.ts';
import {
  ageOrder,
  isCollectable,
  limits,
  type CompletionData,
  type Order,
  type OrderState,
  type StartedBy,
} from './order.ts';
import { findQrFrame, isAuthentic } from './qr-frame.ts';
import { signOrder } from './sign-order.ts';
import type { SimulatorTime } from './simulator-time.ts';

export interface Collected {
  readonly orderRef: string;
  readonly status: 'pending' | 'complete' | 'failed';
  readonly hintCode?: string;
  readonly completionData?: CompletionData;
}

export interface SignAs {
  readonly personalNumber?: string | undefined;
  readonly name?: string | undefined;
  readonly deviceIp?: string | undefined;
  readonly risk?: string | undefined;
}

type Pending = Extract<OrderState, { status: 'pending' }>;

/** All orders, as the relying party sees them (place, collect, cancel) and as the payer's app does (the rest). */
export class OrderBook {
  readonly #pki: Pki;
  readonly #time: SimulatorTime;
  readonly #faults: Faults;
  readonly #qrMaxAgeSeconds: number;
  readonly #orders = new Map<string, Order>();
  readonly #byToken = new Map<string, Order>();
  readonly #revoked = new Set<string>();
  #nextSweep = 0;

  constructor(pki: Pki, time: SimulatorTime, faults: Faults, qrMaxAgeSeconds: number) {
    this.#pki = pki;
    this.#time = time;
    this.#faults = faults;
    this.#qrMaxAgeSeconds = qrMaxAgeSeconds;
  }

  /** @throws RpError `alreadyInProgress`; the earlier order of the same person is cancelled with it */
  place(request: SignRequest): Order {
    this.#sweep();
    this.#refuseSecondOrder(request);
    const order: Order = {
      orderRef: randomUUID(),
      autoStartToken: randomUUID(),
      qrStartToken: randomUUID(),
      qrStartSecret: randomUUID(),
      request,
      placedAt: this.#time.passedMs(),
      qrEpochMs: this.#time.wall().getTime(),
      fault: this.#faults.takeOrder(),
      state: { status: 'pending', hintCode: 'outstandingTransaction', startedAt: undefined, busy: false },
      startedBy: undefined,
      collected: false,
    };
    this.#orders.set(order.orderRef, order);
    this.#byToken.set(order.autoStartToken, order);
    this.#byToken.set(order.qrStartToken, order);
    return order;
  }

  /** Whether collecting now would give a final result. */
  isFinal(orderRef: string): boolean {
    const order = this.#find(orderRef);
    return order !== undefined && order.state.status !== 'pending' && isCollectable(order, this.#time.passedMs());
  }

  /** @throws RpError for an order that is unknown, cancelled, too old or collected already */
  collect(orderRef: string): Collected {
    const order = this.#find(orderRef);
    if (!order || !isCollectable(order, this.#time.passedMs())) throw invalidParameters('No such order');
    const { state } = order;
    if (state.status === 'pending') {
      return { orderRef, status: 'pending', hintCode: order.fault.pendingHint ?? state.hintCode };
    }
    order.collected = true;
    if (state.status === 'failed') return { orderRef, status: 'failed', hintCode: state.hintCode };
    if (state.status === 'complete') return { orderRef, status: 'complete', completionData: state.completionData };
    throw invalidParameters('No such order');
  }

  /** @throws RpError unless the order is pending */
  cancel(orderRef: string): void {
    const order = this.#find(orderRef);
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

  /** @throws AppError `order-not-found` */
  get(id: string): Order {
    const order = this.#find(id);
    if (!order) throw new AppError(404, 'order-not-found', 'There is no such order.');
    return order;
  }

  /** The app reads a QR frame. @throws AppError for text that is not a frame, and for a forged or stale one */
  scan(text: string): Order {
    const frame = findQrFrame(text);
    if (!frame) throw new AppError(400, 'qr-malformed', 'This is not the text of a BankID QR code.');
    const order = this.#byToken.get(frame.qrStartToken);
    if (!order || !isAuthentic(frame, order.qrStartSecret)) {
      throw new AppError(400, 'qr-forged', 'This QR code is not from BankID.');
    }
    const age = (this.#time.wall().getTime() - order.qrEpochMs) / 1000 - frame.seconds;
    if (age > this.#qrMaxAgeSeconds || age < -2) {
      throw new AppError(400, 'qr-stale', 'This QR code is too old. Scan the one that is shown now.');
    }
    return this.#start(order, 'qr');
  }

  /** The app is opened by an autostart token. @throws AppError `token-unknown`, `order-over`, `order-started` */
  open(autoStartToken: string): Order {
    const order = this.#byToken.get(autoStartToken);
    if (order?.autoStartToken !== autoStartToken) {
      throw new AppError(400, 'token-unknown', 'There is no order with this autostart token.');
    }
    return this.#start(order, 'autostart');
  }

  /** Scans this order's QR code, on any screen that shows it. */
  scanScreen(id: string): Order {
    return this.#start(this.get(id), 'qr');
  }

  /** @throws AppError `order-over`, `order-not-opened`, `other-person-required`, `policy-required` */
  async sign(id: string, as: SignAs): Promise<Order> {
    const order = this.get(id);
    const state = this.#opened(order);
    const personalNumber = as.personalNumber ?? order.request.personalNumber ?? '199001012385';
    this.#checkRequirement(order, personalNumber);
    if (order.fault.failedHint !== undefined) return this.#fail(order, order.fault.failedHint);
    order.state = { ...state, hintCode: 'processing', busy: true };
    const signing = {
      person: findPerson(personalNumber, as.name),
      deviceIp: as.deviceIp,
      risk: as.risk,
      isRevoked: this.#revoked.has(personalNumber),
    };
    const completionData = await signOrder(order, signing, this.#pki, this.#time.wall());
    // The relying party may have cancelled meanwhile, or time may be up.
    this.#pending(order);
    order.state = { status: 'complete', completionData, at: this.#time.passedMs() };
    return order;
  }

  /** The payer cancels in the app, or BankID gives up with another hint code. @throws AppError `order-over` */
  fail(id: string, hintCode: string): Order {
    const order = this.get(id);
    this.#pending(order);
    return this.#fail(order, hintCode);
  }

  /** The payer does nothing yet; the relying party sees `hintCode`. @throws AppError `order-over` */
  wait(id: string, hintCode: string): Order {
    const order = this.get(id);
    order.state = { ...this.#pending(order), hintCode };
    return order;
  }

  /** Adds faults to an order that is already placed. */
  addFault(id: string, fault: OrderFault): Order {
    const order = this.get(id);
    order.fault = { ...order.fault, ...fault };
    return order;
  }

  /** Revokes all BankIDs of a person, or restores them. */
  setRevoked(personalNumber: string, revoked: boolean): void {
    if (revoked) this.#revoked.add(personalNumber);
    else this.#revoked.delete(personalNumber);
  }

  #find(id: string): Order | undefined {
    const order = this.#orders.get(id);
    if (order) ageOrder(order, this.#time.passedMs());
    return order;
  }

  #refuseSecondOrder({ personalNumber }: SignRequest): void {
    if (personalNumber === undefined) return;
    const earlier = this.list().find(
      (o) => o.state.status === 'pending' && o.request.personalNumber === personalNumber,
    );
    if (!earlier) return;
    this.#fail(earlier, 'cancelled');
    throw new RpError(400, 'alreadyInProgress', 'Order already in progress for pno');
  }

  #start(order: Order, by: StartedBy): Order {
    const state = this.#pending(order);
    if (state.startedAt !== undefined)
      throw new AppError(409, 'order-started', 'This order has been opened in an app already.');
    order.startedBy = by;
    order.state = { ...state, hintCode: 'userSign', startedAt: this.#time.passedMs() };
    return order;
  }

  #pending(order: Order): Pending {
    ageOrder(order, this.#time.passedMs());
    if (order.state.status !== 'pending') throw over();
    return order.state;
  }

  #opened(order: Order): Pending {
    const state = this.#pending(order);
    if (state.startedAt === undefined)
      throw new AppError(409, 'order-not-opened', 'Scan the QR code or open the autostart link first.');
    if (state.busy) throw new AppError(409, 'order-busy', 'This order is being signed.');
    return state;
  }

  #checkRequirement({ request, fault }: Order, personalNumber: string): void {
    const isOther = request.personalNumber !== undefined && request.personalNumber !== personalNumber;
    if (isOther && fault.personalNumber === undefined) {
      throw new AppError(409, 'other-person-required', 'This order is for another person’s BankID.');
    }
    if (request.certificatePolicies && !request.certificatePolicies.includes(testPolicies.mobile)) {
      throw new AppError(409, 'policy-required', 'This order asks for another kind of BankID.');
    }
  }

  #fail(order: Order, hintCode: string): Order {
    order.state = { status: 'failed', hintCode, at: this.#time.passedMs() };
    return order;
  }

  /** Removes orders that can no longer be collected or viewed; the map holds them in the order of placing. */
  #sweep(): void {
    const now = this.#time.passedMs();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + limits.startMs;
    for (const order of this.#orders.values()) {
      if (now - order.placedAt < limits.forgetMs) break;
      this.#orders.delete(order.orderRef);
      this.#byToken.delete(order.autoStartToken);
      this.#byToken.delete(order.qrStartToken);
    }
  }
}

const over = (): AppError => new AppError(409, 'order-over', 'This order is over.');
