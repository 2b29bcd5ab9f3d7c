import { testPolicies } from '../pki/oids.ts';
import { findPerson } from '../pki/people.ts';
import type { Pki } from '../pki/pki.ts';
import { AppError, type AppErrorCode } from './app-error.ts';
import type { OrderFault } from './faults.ts';
import type { OrderBook } from './order-book.ts';
import type { ScenarioPlan } from '../scenarios/scenario-plan.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { ageOrder, failOrder, type Ask, type Order, type OrderState, type StartedBy } from './order.ts';
import { findQrFrame, isAuthentic } from './qr-frame.ts';
import { signOrder } from './sign-order.ts';
import type { SimulatorTime } from './simulator-time.ts';

export interface SignAs {
  readonly personalNumber?: string | undefined;
  readonly name?: string | undefined;
  readonly deviceIp?: string | undefined;
  readonly risk?: string | undefined;
  readonly securityCode?: string | undefined;
}

type Pending = Extract<OrderState, { status: 'pending' }>;

/** What a collect says while the app asks for something. */
const hintCodes: Readonly<Record<Ask, string>> = {
  call: 'userCallConfirm',
  document: 'userMrtd',
  signature: 'userSign',
};

/** Why the payer cannot sign yet. */
const unanswered: Readonly<Record<Exclude<Ask, 'signature'>, readonly [code: AppErrorCode, message: string]>> = {
  call: ['call-not-confirmed', 'This order asks first whether the payer is in a call.'],
  document: ['document-not-read', 'This order asks for an identity document first.'],
};

/** The one security code that the app takes for wrong. */
const WRONG_CODE = '000000';
const MAX_WRONG_CODES = 3;

/** What the payer does with orders in the app. */
export class AppOrders {
  readonly #book: OrderBook;
  readonly #pki: Pki;
  readonly #time: SimulatorTime;
  readonly #qrMaxAgeSeconds: number;
  readonly #scenarios: ScenarioPlan;
  readonly #revoked = new Set<string>();

  constructor(book: OrderBook, pki: Pki, time: SimulatorTime, qrMaxAgeSeconds: number, scenarios: ScenarioPlan) {
    this.#book = book;
    this.#pki = pki;
    this.#time = time;
    this.#qrMaxAgeSeconds = qrMaxAgeSeconds;
    this.#scenarios = scenarios;
  }

  /** Newest first. */
  list(): readonly Order[] {
    return this.#book.list();
  }

  /** @throws AppError `order-not-found` */
  get(id: string): Order {
    const order = this.#book.find(id);
    if (!order) throw new AppError(404, 'order-not-found', 'There is no such order.');
    return order;
  }

  /** The app reads a QR frame. @throws AppError for text that is not a frame, and for a forged or stale one */
  scan(text: string): Order {
    const frame = findQrFrame(text);
    if (!frame) throw new AppError(400, 'qr-malformed', 'This is not the text of a BankID QR code.');
    const order = this.#book.findByToken(frame.qrStartToken);
    if (!order?.tokens || !isAuthentic(frame, order.tokens.qrStartSecret)) {
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
    const order = this.#book.findByToken(autoStartToken);
    if (order?.tokens?.autoStartToken !== autoStartToken) {
      throw new AppError(400, 'token-unknown', 'There is no order with this autostart token.');
    }
    return this.#start(order, 'autostart');
  }

  /** Scans this order's QR code, on any screen that shows it. */
  scanScreen(id: string): Order {
    const order = this.get(id);
    if (!order.tokens) throw new AppError(409, 'no-qr-code', 'A phone order has no QR code; its person opens the app.');
    return this.#start(order, 'qr');
  }

  /** The person opens the app, which finds the phone order that waits for them. @throws AppError `nothing-waits` */
  openFor(personalNumber: string): Order {
    const order = this.list().find((o) => isWaitingByPhone(o) && o.request.personalNumber === personalNumber);
    if (!order) throw new AppError(404, 'nothing-waits', 'No phone order waits for this person.');
    return this.#start(order, 'phone');
  }

  /** Whether the payer is in a call with the relying party; if not, the order ends. @throws AppError `not-asked` */
  answerCall(id: string, inCall: boolean): Order {
    const order = this.#answer(this.get(id), 'call');
    return inCall && !order.fault.declinesCall ? order : this.#fail(order, 'userDeclinedCall');
  }

  /** The app has read the payer's identity document. @throws AppError `not-asked` */
  readDocument(id: string): Order {
    return this.#answer(this.get(id), 'document');
  }

  /**
   * @throws AppError `order-over`, `order-not-opened`, `call-not-confirmed`, `document-not-read`, `other-person-required`,
   * `policy-required`, `security-code-required`, `security-code-wrong`
   */
  async sign(id: string, as: SignAs): Promise<Order> {
    const order = this.get(id);
    const state = this.#opened(order);
    if (state.asks !== undefined && state.asks !== 'signature') throw new AppError(409, ...unanswered[state.asks]);
    const personalNumber = as.personalNumber ?? order.request.personalNumber ?? '199001012385';
    this.#play(order, this.#scenarios.findOf(personalNumber, 'opening'));
    checkRequirement(order, personalNumber);
    if (!isCodeRight(order, as.securityCode)) return this.#fail(order, 'certificateErr');
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

  /**
   * Plays a scenario with an order that is already placed, in place of any other; `undefined` plays none.
   * @throws AppError `order-over`, `scenario-too-late` for one that begins as an order is placed
   */
  setScenario(id: string, scenario: Scenario | undefined): Order {
    const order = this.get(id);
    this.#pending(order);
    if (scenario?.takenAt === 'placing') {
      throw new AppError(409, 'scenario-too-late', 'This scenario begins before an order is there.');
    }
    order.fault = order.scenario?.faultBefore ?? order.fault;
    order.scenario = undefined;
    this.#play(order, scenario);
    return order;
  }

  /** Revokes all BankIDs of a person, or restores them. */
  setRevoked(personalNumber: string, revoked: boolean): void {
    if (revoked) this.#revoked.add(personalNumber);
    else this.#revoked.delete(personalNumber);
  }

  #start(order: Order, by: StartedBy): Order {
    const state = this.#pending(order);
    if (state.startedAt !== undefined)
      throw new AppError(409, 'order-started', 'This order has been opened in an app already.');
    order.startedBy = by;
    this.#play(order, this.#scenarios.take('opening', order.request.personalNumber));
    order.state = { ...ask(state, firstAsk(order)), startedAt: this.#time.passedMs() };
    return order;
  }

  /** The first scenario that an order is given stays. */
  #play(order: Order, scenario: Scenario | undefined): void {
    if (!scenario || order.scenario !== undefined) return;
    order.scenario = { id: scenario.id, faultBefore: order.fault };
    order.fault = { ...order.fault, ...scenario.fault(this.#time.wall()) };
  }

  /** The payer has done what the app asked for; the signature comes next. */
  #answer(order: Order, what: Ask): Order {
    const state = this.#opened(order);
    if (state.asks !== what) throw new AppError(409, 'not-asked', 'The app does not ask for this now.');
    order.state = ask(state, 'signature');
    return order;
  }

  #pending(order: Order): Pending {
    ageOrder(order, this.#time.passedMs());
    if (order.state.status !== 'pending') throw new AppError(409, 'order-over', 'This order is over.');
    return order.state;
  }

  #opened(order: Order): Pending {
    const state = this.#pending(order);
    if (state.startedAt === undefined)
      throw new AppError(409, 'order-not-opened', 'Scan the QR code or open the autostart link first.');
    if (state.busy) throw new AppError(409, 'order-busy', 'This order is being signed.');
    return state;
  }

  #fail(order: Order, hintCode: string): Order {
    failOrder(order, hintCode, this.#time.passedMs());
    return order;
  }
}

function firstAsk({ request }: Order): Ask {
  if (request.callInitiator !== undefined) return 'call';
  return request.mrtd ? 'document' : 'signature';
}

const isWaitingByPhone = ({ request, state }: Order): boolean =>
  request.callInitiator !== undefined && state.status === 'pending' && state.startedAt === undefined;

const ask = (state: Pending, what: Ask): Pending => ({ ...state, asks: what, hintCode: hintCodes[what] });

/**
 * False when a wrong security code has been entered for the last time, which blocks the BankID.
 * @throws AppError `security-code-required`, `security-code-wrong`
 */
function isCodeRight(order: Order, securityCode: string | undefined): boolean {
  if (securityCode === undefined && order.request.pinCode) {
    throw new AppError(409, 'security-code-required', 'This order must be confirmed with the security code.');
  }
  if (securityCode !== WRONG_CODE) return true;
  order.wrongCodes += 1;
  if (order.wrongCodes >= MAX_WRONG_CODES) return false;
  throw new AppError(409, 'security-code-wrong', 'The security code is wrong.');
}

function checkRequirement({ request, fault }: Order, personalNumber: string): void {
  const isOther = request.personalNumber !== undefined && request.personalNumber !== personalNumber;
  if (isOther && fault.personalNumber === undefined) {
    throw new AppError(409, 'other-person-required', 'This order is for another person’s BankID.');
  }
  if (request.certificatePolicies && !request.certificatePolicies.includes(testPolicies.mobile)) {
    throw new AppError(409, 'policy-required', 'This order asks for another kind of BankID.');
  }
}
