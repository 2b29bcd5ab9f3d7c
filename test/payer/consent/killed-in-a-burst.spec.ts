import { PretendApp } from '../../../simulator/client.ts';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { Hold } from '../../support/database/hold.ts';
import { eventually } from '../../support/eventually.ts';
import { payment } from '../../support/parties/payment.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { ServiceProcess } from '../../support/system/service-process.ts';

const BURST = 150;
const AT_A_TIME = 6;

let world: ProcessSystem;
let service: ServiceProcess;

beforeAll(async () => {
  world = await ProcessSystem.start(1);
  service = world.instances[0]!;
});
afterAll(() => world.stop());

async function eachOf<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const left = [...items];
  const work = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) done.push(await act(item));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return done;
}

/** A payment whose text is open in the app: its order, and the app's address. */
async function open(): Promise<{ readonly orderId: string; readonly app: PretendApp }> {
  const browser = new PayerBrowser();
  await browser.open((await world.push(payment, {})).authorizationUrl);
  const link = new URL(await browser.startOnThisDevice());
  const app = new PretendApp(link.origin);
  const { id } = await app.open(link.searchParams.get('autostarttoken') ?? '');
  return { orderId: id, app };
}

async function count(sql: string): Promise<number> {
  const [row] = await world.database.asOwner(`select count(*)::int as count from ${sql}`);
  return Number(row?.['count']);
}

const inState = (state: string): Promise<number> => count(`sign_order where state = '${state}'`);

/** BankID is asked for none of them until all are signed, and then for all at once. */
async function collectAfter(sign: () => Promise<unknown>): Promise<void> {
  const put = (moment: string): Promise<unknown> =>
    world.database.asOwner(
      `update sign_order set next_collect_at = clock_timestamp() + interval '${moment}' where state = 'pending' and collect_lease is null`,
    );
  await eventually(async () => {
    await put('1 hour');
    const due = `sign_order where state = 'pending' and next_collect_at < clock_timestamp() + interval '30 minutes'`;
    return (await count(due)) === 0 ? true : undefined;
  });
  await sign();
  await put('0');
}

describe('a burst of a hundred and fifty signatures', () => {
  it('is settled as a whole, each once, although the service was killed in the middle of it', async () => {
    const opened = await eachOf([...Array(BURST).keys()], open);
    const hold = await Hold.take(world.database, 'lock table evidence in exclusive mode');
    await collectAfter(() => eachOf(opened, ({ orderId, app }) => app.sign(orderId)));
    await eventually(async () => ((await inState('answered')) === BURST ? true : undefined));
    await hold.release();
    await eventually(async () => ((await inState('settled')) > 10 ? true : undefined));
    await service.kill();
    const before = await world.database.asOwner('select id, order_id from evidence order by id');
    expect(before.length).toBeLessThan(BURST);

    await world.ledger.passSeconds(31);
    await service.start();
    await eventually(async () => ((await inState('settled')) === BURST ? true : undefined));
    expect(await world.ledger.findFaults()).toEqual([]);
    expect(await count(`consent where state = 'authorised'`)).toBe(BURST);
    expect(await count('authorisation')).toBe(BURST);
    expect(await count(`evidence where kind = 'accepted'`)).toBe(BURST);
    expect(await count('evidence')).toBe(BURST);
    const kept = await world.database.asOwner('select id, order_id from evidence where id = any($1) order by id', [
      before.map(({ id }) => id),
    ]);
    expect(kept).toEqual(before);
  }, 240_000);
});
