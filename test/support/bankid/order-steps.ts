import { randomUUID } from 'node:crypto';
import { insertDataKey } from '../../../bench/service/data-key.ts';
import type { OrderView, PretendApp } from '../../../simulator/client.ts';
import type { System } from '../../../sandbox/system.ts';
import {
  DEFAULT_RELYING_PARTY,
  type AnsweredOrder,
  type BrowserStart,
  type OrderRequest,
  type Progress,
} from '../../../src/bankid-sign/sign-order.ts';
import { SignOrders } from '../../../src/bankid-sign/sign-orders.ts';
import { Database } from '../../../src/database/database.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { ClientId } from '../../../src/kernel/ids.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { eventually } from '../eventually.ts';

/** Whose orders these are: no consent's, so that no settler takes them. */
export const purpose = 'test-purpose';

/** Orders at one instance of the service, for no consent; the payer has a phone. */
export class OrderSteps {
  readonly #instance: Pick<System, 'app'>;
  readonly #phone: PretendApp;

  constructor(instance: Pick<System, 'app'>, phone: PretendApp) {
    this.#instance = instance;
    this.#phone = phone;
  }

  /** A part of the instance. */
  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.#instance.app.get<T>(type, { strict: false });
  }

  get orders(): SignOrders {
    return this.get(SignOrders);
  }

  get database(): Database {
    return this.get(Database);
  }

  /** A request in a new group whose data key exists. */
  async request(part: Partial<OrderRequest> = {}): Promise<OrderRequest> {
    const subject = part.subject ?? `test:${randomUUID()}`;
    if (part.subject === undefined) await insertDataKey(this.database, this.get(Envelope), subject);
    return { ...defaults, group: subject, subject, ...part };
  }

  async place(part: Partial<OrderRequest> = {}): Promise<{ readonly group: string; readonly orderId: string }> {
    const request = await this.request(part);
    const { orderId } = await this.orders.placeOrder(request);
    return { group: request.group, orderId };
  }

  /** The payer reads the QR code; what the app shows. */
  async open(group: string): Promise<OrderView> {
    const frame = await this.orders.findQrFrame(group, systemClock.now());
    if (frame === undefined) throw new Error('no frame');
    return this.#phone.scan(frame);
  }

  /** The payer reads the QR code; the simulator's name of the order. */
  async scan(group: string): Promise<string> {
    return (await this.open(group)).id;
  }

  /** The link on the page of the group's order. */
  async launchLink(group: string, userAgent: string): Promise<string | undefined> {
    const progress = await this.orders.findProgress(group);
    return progress && this.orders.launchLink(progress, userAgent);
  }

  untilProgress(group: string, isReached: (progress: Progress) => boolean): Promise<Progress> {
    return eventually(async () => {
      const progress = await this.orders.findProgress(group);
      return progress && isReached(progress) ? progress : undefined;
    });
  }

  untilClaimed(orderId: string): Promise<AnsweredOrder> {
    return eventually(async () =>
      (await this.orders.claimAnswered(purpose, 10)).find((order) => order.orderId === orderId),
    );
  }
}

/** From a QR code on our own page. */
export const scanned: BrowserStart = {
  way: 'browser',
  device: 'other',
  endUserIp: '::ffff:192.0.2.7',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  deviceIdentifier: 'device-identifier-of-the-test',
  returnUrl: 'http://localhost:3000/return?n=nonce',
};

const defaults: Omit<OrderRequest, 'group' | 'subject'> = {
  purpose,
  clientId: 'test-client' as ClientId,
  kind: 'sign',
  visibleData: Buffer.from('Exempelbutiken vill att du betalar 125,00 kr.', 'utf8'),
  nonVisibleData: Buffer.from('{"v":1}', 'utf8'),
  requirement: {},
  start: scanned,
  relyingParty: DEFAULT_RELYING_PARTY,
  context: { consentId: 'the-context' },
};
