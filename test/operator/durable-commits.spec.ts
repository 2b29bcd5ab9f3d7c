import { rmSync } from 'node:fs';
import { Database } from '../../src/database/database.ts';
import { CONNECTIONS, COUNT_FSYNCS, FLUSH } from '../../bench/token/durable-commits.ts';
import { Undo } from '../../sandbox/undo.ts';
import { TokenSteps } from '../support/token/token-steps.ts';
import { atRest } from '../support/system/system.ts';
import { unlisted } from '../support/database/database.ts';
import { startTestServer } from '../support/database/test-server.ts';

const FLOWS = 8;

const undo = new Undo();
let steps: TokenSteps;
beforeAll(async () => {
  const { server, folder, access } = await startTestServer(true);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  undo.later(() => server.stop());
  process.env['SIGILL_TEST_POSTGRES'] = access;
  steps = await TokenSteps.start(atRest);
  undo.later(() => steps.stop());
  await steps.token();
}, 60_000);
afterAll(() => undo.all());

/** How often connections have waited until the disk had the WAL. A connection adds to these figures when it has been idle. */
async function countFsyncs(): Promise<number> {
  const send = (): Promise<unknown> => steps.get(Database).query(unlisted(FLUSH), []);
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  const [row] = await steps.database.asOwner(COUNT_FSYNCS);
  return Number(row?.['fsyncs']);
}

async function fsyncsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await countFsyncs();
  await work();
  return (await countFsyncs()) - before;
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

describe('on a server that writes ahead to disk', () => {
  it('a flow from push to token waits for the disk three times, and an introspection never', async () => {
    const flows = Array.from({ length: FLOWS });
    const pushing = await fsyncsOf(() => inTurn(flows, () => steps.tpp.push()));
    const signed = await inTurn(flows, () => steps.signed());
    const returning = await fsyncsOf(async () => {
      await inTurn(signed, async (one) => steps.redeem({ ...one, code: await steps.code(one) }));
    });
    // The WAL writer may have been faster once; a claim of a proof, which waits for no disk, would make it twice as many.
    expect(pushing).toBeLessThanOrEqual(FLOWS);
    expect(pushing + returning).toBeLessThanOrEqual(3 * FLOWS);
    expect(pushing + returning).toBeGreaterThan(2 * FLOWS);
    const { token } = await steps.token();
    expect(await fsyncsOf(() => inTurn(flows, () => steps.introspect(token)))).toBe(0);
  });
});
