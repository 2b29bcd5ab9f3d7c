import { X509Certificate, randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { BankIdSignModule } from '../../../src/bankid-sign/bankid-sign.module.ts';
import { Collector } from '../../../src/bankid-sign/collector/collector.ts';
import { bankIdTimings, TIMINGS, type Timings } from '../../../src/bankid-sign/order/timings.ts';
import type { AnsweredOrder, Progress, SignRequest } from '../../../src/bankid-sign/sign-order.ts';
import { SignOrders } from '../../../src/bankid-sign/sign-orders.ts';
import type { AppConfig, BankIdClientKey } from '../../../src/config/config.ts';
import { systemClock, type Clock } from '../../../src/kernel/clock.ts';
import type { KeyRing } from '../../../src/config/key-ring.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { Database } from '../../../src/database/database.ts';
import { openPool } from '../../../src/database/open-database.ts';
import { FoundationModule } from '../../../src/foundation.module.ts';
import { createKeyRing, type TestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';

export const purpose = 'test-purpose';

/** The part of the simulator's material that a relying party has. */
export interface Material {
  readonly tlsRootPem: string;
  readonly signatureRootPem: string;
  readonly rpCertificatePem: string;
  readonly rpKeyPem: string;
}

export interface InstanceOptions {
  readonly url: string;
  readonly material: Material;
  readonly client?: BankIdClientKey;
  readonly db: TestDatabase;
  readonly keys?: KeyRing;
  readonly workers?: boolean;
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

/** Fast enough that no test waits for seconds. */
const quick: Timings = { ...bankIdTimings, collectIntervalMs: 50, tickMs: 10, answerUnknownMs: 300 };

export const evidenceKeys = createKeyRing();

export function configOf(
  options: Pick<InstanceOptions, 'url' | 'material' | 'client' | 'workers' | 'keys'>,
): AppConfig {
  const { material } = options;
  return {
    environment: 'sandbox',
    issuer: 'http://localhost:3000',
    workers: options.workers ?? true,
    evidenceKeys: options.keys ?? evidenceKeys,
    lookupKeys: createKeyRing(),
    subjectKeys: createKeyRing(),
    bankid: {
      url: options.url,
      tlsRoot: material.tlsRootPem,
      signatureRoot: material.signatureRootPem,
      client: options.client ?? { kind: 'pem', cert: material.rpCertificatePem, key: new Secret(material.rpKeyPem) },
      certificate: new X509Certificate(material.rpCertificatePem).raw,
    },
  } as Partial<AppConfig> as AppConfig;
}

export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const source = await openPool(options.db.url, 8);
  const clock = options.clock ?? systemClock;
  const module = await Test.createTestingModule({
    imports: [FoundationModule.forRoot({ config: configOf(options), clock, source }), BankIdSignModule],
  })
    .overrideProvider(TIMINGS)
    .useValue({ ...quick, ...options.timings })
    .compile();
  module.useLogger(false);
  await module.init();
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
