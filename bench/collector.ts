import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEFAULT_RELYING_PARTY } from '../src/bankid-sign/sign-order.ts';
import { SignOrders } from '../src/bankid-sign/sign-orders.ts';
import { Database } from '../src/database/database.ts';
import type { ClientId } from '../src/kernel/ids.ts';
import { Envelope } from '../src/vault/envelope.ts';
import type { System } from '../sandbox/system.ts';
import { Undo } from '../sandbox/undo.ts';
import { percentile } from './percentile.ts';
import { insertDataKey } from './service/data-key.ts';
import { startHere } from './service/start-here.ts';
import { secondsBetween, watchCollects } from './service/watch-collects.ts';

/**
 * How evenly one instance collects many pending orders: the time between two collects of the same order, taken where the
 * requests leave the process. The simulator, a process of its own, shares the machine and keeps every order pending.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    orders: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '30' },
  },
});

const PLACE_AT_ONCE = 20;

const undo = new Undo();
try {
  const result = await measure(Number(values.orders), Number(values.seconds));
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await undo.all();
}

async function measure(orders: number, seconds: number): Promise<Record<string, number>> {
  const { system } = await startHere(undo);
  const collects = watchCollects();
  await place(system, orders);
  await delay(4000);
  collects.clear();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await delay(seconds * 1000);
  const elapsed = (performance.now() - begun) / 1000;
  const used = process.cpuUsage(cpu);
  const intervals = secondsBetween(collects);
  return {
    orders: collects.size,
    p50: round(percentile(intervals, 0.5)),
    p99: round(percentile(intervals, 0.99)),
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    cpu: round((used.user + used.system) / 1e6 / elapsed),
  };
}

async function place(system: System, count: number): Promise<void> {
  const orders = system.app.get(SignOrders, { strict: false });
  const envelope = system.app.get(Envelope, { strict: false });
  const database = system.app.get(Database, { strict: false });
  for (let first = 0; first < count; first += PLACE_AT_ONCE) {
    const batch = Array.from(
      { length: Math.min(PLACE_AT_ONCE, count - first) },
      (_, index) => `bench-${first + index}`,
    );
    await Promise.all(
      batch.map(async (group) => {
        await insertDataKey(database, envelope, group);
        await orders.placeOrder({
          purpose: 'bench',
          clientId: 'bench' as ClientId,
          group,
          subject: group,
          kind: 'sign',
          visibleData: Buffer.from('Begärs av:\n  Exempelbetal AB'),
          nonVisibleData: Buffer.from('{}'),
          requirement: {},
          start: {
            way: 'browser',
            device: 'this',
            endUserIp: '127.0.0.1',
            userAgent: 'bench',
            deviceIdentifier: group,
            returnUrl: `${system.issuer}/pay/back`,
          },
          relyingParty: DEFAULT_RELYING_PARTY,
          context: {},
        });
      }),
    );
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
