import { Hold, holdCommitsOf } from '../../support/database/hold.ts';
import { tamper } from '../../support/database/tamper.ts';
import { payment } from '../../support/parties/payment.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';

let world: ProcessSystem;
beforeAll(async () => {
  world = await ProcessSystem.start(1);
  const pushed = await world.push(payment, {});
  const { browser, orderId } = await world.openInApp(pushed);
  await world.app.sign(orderId);
  await browser.waitFor('authorised');
  await holdCommitsOf(world.database, 'export_member');
}, 60_000);
afterAll(() => world.stop());

async function call(method: string, path: string, options: object = {}): Promise<RawAnswer> {
  const { auditor } = world.raw;
  return auditor.call(await auditor.machineToken('exports'), method, path, options);
}

async function order(): Promise<string> {
  const to = new Date().toISOString();
  const body = { format: 'list', from: '2026-01-01T00:00:00Z', to, purpose: 'audit' };
  const placed = await call('POST', '/exports', { body });
  expect(placed.status).toBe(202);
  return String(placed.body['exportId']);
}

/** The line of the consent in index.csv, which stands in the ZIP as it is. */
function lineOf(zip: string): string {
  const lines = zip.match(/^[0-9a-f-]{36},.*$/gm) ?? [];
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

/** Its time has come, and no living instance works on it. */
const due = (id: string): Promise<unknown> =>
  tamper(
    world.database,
    'export_order',
    'update export_order set begins_at = ordered_at, leased_until = null where export_id = $1',
    [id],
  );

describe('an export whose instance is killed while the transaction of a page', () => {
  it.each([
    ['waits for its commit, which never comes', true],
    ['is committed, of which it never hears', false],
  ])('%s, is finished after the restart and records each consent once', async (_, isLost) => {
    const [service] = world.instances;
    const reference = await order();
    await due(reference);
    const wait = { headers: { prefer: 'wait=20' } };
    expect((await call('GET', `/exports/${reference}`, wait)).body['state']).toBe('ready');
    const list = lineOf((await call('GET', `/exports/${reference}/content`)).text);

    const id = await order();
    const hold = await Hold.commit(world.database);
    await due(id);
    await hold.untilBlocked();
    await service!.kill();
    if (isLost) await hold.untilReleased();
    await hold.release();
    await due(id);
    await service!.start();

    expect((await call('GET', `/exports/${id}`, wait)).body).toMatchObject({
      state: 'ready',
      progress: { expected: 1, consents: 1, erased: 0 },
    });
    const { text } = await call('GET', `/exports/${id}/content`);
    expect(lineOf(text)).toEqual(list);
    const recorded = `select count(*)::int as n from audit_event
                       where type = 'evidence.exported' and event::jsonb -> 'detail' ->> 'exportId' = $1`;
    expect(await world.database.asOwner(recorded, [id])).toEqual([{ n: 1 }]);
  });
});
