import { randomUUID } from 'node:crypto';
import type { TestingModule } from '@nestjs/testing';
import { BankIdSignModule } from '../../../src/bankid-sign/bankid-sign.module.ts';
import { Collector } from '../../../src/bankid-sign/collector/collector.ts';
import type { Timings } from '../../../src/bankid-sign/order/timings.ts';
import type { AnsweredOrder, Progress, SignRequest } from '../../../src/bankid-sign/sign-order.ts';
import { SignOrders } from '../../../src/bankid-sign/sign-orders.ts';
import { systemClock, type Clock } from '../../../src/kernel/clock.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { Database } from '../../../src/database/database.ts';
import { createKeyRing, type TestDatabase } from '../database/database.ts';
import { eventually } from '../eventually.ts';
import { startModules, type ModuleConfig } from './modules.ts';

export const purpose = 'test-purpose';

export interface InstanceOptions extends ModuleConfig {
  readonly db: TestDatabase;
  readonly timings?: Partial<Timings>;
  readonly clock?: Clock;
}

/** One instance of the service as far as this module needs it, with a pool of its own. */
export interface Instance {
  readonly orders: SignOrders;
  readonly collector: Collector;
  readonly database: Database;
  readonly module: TestingModule;
  /** Places an order of a fresh group whose data key exists. */
  place(part?: Partial<SignRequest>): Promise<{ readonly group: string; readonly orderId: string }>;
  request(part?: Partial<SignRequest>): Promise<SignRequest>;
  close(): Promise<void>;
}

const open = new Set<Instance>();

/** Whatever a failed test has left open. */
export async function closeInstances(): Promise<void> {
  for (const instance of open) await instance.close();
}

/** Instances on one database read what the others sealed. */
const keys = createKeyRing();

export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const of = { imports: [BankIdSignModule], connections: 8, clock: systemClock, keys };
  const module = await startModules({ ...of, ...options });
  const orders = module.get(SignOrders);
  const database = module.get(Database);
  const envelope = module.get(Envelope);
  const request = async (part: Partial<SignRequest> = {}): Promise<SignRequest> => {
    const subject = part.subject ?? `test:${randomUUID()}`;
    if (part.subject === undefined) await database.inTransaction((tx) => envelope.createDataKey(tx, subject));
    return { ...defaults, group: subject, subject, ...part };
  };
  const instance: Instance = {
    orders,
    collector: module.get(Collector),
    database,
    module,
    request,
    place: async (part) => {
      const made = await request(part);
      const { orderId } = await orders.placeOrder(made);
      return { group: made.group, orderId };
    },
    close: async () => {
      open.delete(instance);
      await module.close();
    },
  };
  open.add(instance);
  return instance;
}

const defaults: Omit<SignRequest, 'group' | 'subject'> = {
  purpose,
  visibleData: Buffer.from('Exempelbutiken vill att du betalar 125,00 kr.', 'utf8'),
  nonVisibleData: Buffer.from('{"v":1}', 'utf8'),
  requirement: {},
  device: 'other',
  endUserIp: '::ffff:192.0.2.7',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  deviceIdentifier: 'device-identifier-of-the-test',
  returnUrl: 'http://localhost:3000/return?n=nonce',
  context: { consentId: 'the-context' },
};

export function untilProgress(
  orders: SignOrders,
  group: string,
  isReached: (progress: Progress) => boolean,
): Promise<Progress> {
  return eventually(async () => {
    const progress = await orders.getProgress(group);
    return progress && isReached(progress) ? progress : undefined;
  });
}

export function untilClaimed(orders: SignOrders, orderId: string): Promise<AnsweredOrder> {
  return eventually(async () => (await orders.claimAnswered(purpose, 10)).find((order) => order.orderId === orderId));
}
