import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '../../sandbox/system.ts';
import { BankSteps, type Entitled } from '../support/parties/bank-steps.ts';
import { LogLines } from '../support/logs/log-lines.ts';
import { connectParties, Parties } from '../support/parties/parties.ts';
import { rawParties, type RawParties } from '../support/parties/raw-parties.ts';
import { anna } from '../support/system/system.ts';

type Keys = Readonly<Record<string, string>>;

const log = new LogLines();
const k2 = randomBytes(32).toString('base64');
let steps: BankSteps;
/** Signed under the key k1, each for one test. */
let signed: readonly Entitled[];

beforeAll(async () => {
  steps = await BankSteps.start();
  signed = [await steps.entitled(), await steps.entitled()];
}, 60_000);
afterAll(() => steps.stop());

/** Another instance on the same database and folder, whose ring of lookup keys is `keys`. */
async function instance(keys: (k1: string) => Keys, env: Keys = {}): Promise<System> {
  const { folder } = steps.payer.world;
  const ring = JSON.parse(readFileSync(join(folder, 'service/lookup-keys.json'), 'utf8')) as { keys: { k1: string } };
  const file = join(folder, `lookup-${randomBytes(4).toString('hex')}.json`);
  writeFileSync(file, JSON.stringify({ current: 'k2', keys: keys(ring.keys.k1) }), { mode: 0o600 });
  return steps.payer.world.startInstance({ logStream: log, env: { LOOKUP_KEY_FILE: file, ...env } });
}

async function at<T>(system: System, act: (parties: RawParties) => Promise<T>): Promise<T> {
  try {
    return await act(await rawParties({ ...system, clock: steps.payer.world.clock }));
  } finally {
    await system.stop();
  }
}

describe('after a new lookup key', () => {
  it('what was signed under the old one is introspected alike and consumed', async () => {
    const [entitled] = signed;
    const before = (await steps.introspect(entitled!)).body;
    const other = await instance((k1) => ({ k1, k2 }), { WORKERS: 'false' });
    await at(other, async ({ bank }) => {
      const { body } = await steps.introspect(entitled!, bank);
      expect({ ...body, iss: before['iss'] }).toEqual(before);
      const answer = await steps.consume(entitled!, steps.consumption(entitled!, 'rotated'), bank);
      expect(answer.status).toBe(200);
      const again = await steps.consume(entitled!, steps.consumption(entitled!, 'rotated'), bank);
      expect(again.body).toEqual(answer.body);
      // The first instance does not know the new key yet: it cannot tell whether this is the same call.
      const early = await steps.consume(entitled!, steps.consumption(entitled!, 'rotated'));
      expect([early.status, early.body['code']]).toEqual([503, 'service.key-missing']);
    });
  });
});

describe('without the lookup key of a signature', () => {
  it('all that depends on it is temporarily unavailable, and nothing is reported as altered', async () => {
    const [, entitled] = signed;
    const other = await instance(() => ({ k2 }), { WORKERS: 'false' });
    const line = log.count;
    await at(other, async ({ bank }) => {
      const introspected = await steps.introspect(entitled!, bank);
      expect([introspected.status, introspected.body['error']]).toEqual([503, 'temporarily_unavailable']);
      expect(introspected.headers.get('retry-after')).not.toBeNull();
      const consumed = await steps.consume(entitled!, steps.consumption(entitled!, 'missing'), bank);
      expect([consumed.status, consumed.body['code']]).toEqual([503, 'service.key-missing']);
      const path = `/consents/${entitled!.consentId}`;
      const read = await bank.call(await bank.machineToken('consents'), 'GET', path);
      expect([read.status, read.body['code']]).toEqual([503, 'service.key-missing']);
    });
    const refused = log.all(({ code }) => code === 'service.key-missing', line);
    expect(refused).toHaveLength(3);
    expect(JSON.stringify(refused)).toContain('LOOKUP_KEY_FILE no longer holds');
    const events = await steps.events(entitled!);
    expect(events).not.toContain('authorisation.found-altered');
    expect(events).not.toContain('consent.consumption-refused');
    expect((await steps.consume(entitled!, steps.consumption(entitled!, 'missing'))).status).toBe(200);
  });
});

/** The last: it stops the first instance, so that the second settles. */
describe('a person who signs after a new lookup key', () => {
  it('has the same name at the TPP as before', async () => {
    const entitled = await steps.entitled();
    const before = (await steps.introspect(entitled)).body['sub'];
    await steps.payer.world.system.stop();
    const other = await instance((k1) => ({ k1, k2 }));
    await at(other, async ({ bank }) => {
      const { clock, database, simulator } = steps.payer.world;
      const facts = { ...other, clock, database, appUrl: simulator.appUrl };
      const parties = new Parties(await connectParties(facts));
      const { token } = await parties.signedPayment(undefined, { personalNumber: anna });
      const { body } = await bank.postAs('/introspect', { token: token.accessToken });
      expect([body['sub'], body['payer']]).toEqual([before, { personalNumber: anna }]);
      const sql = 'select lookup_key_id from authorisation where consent_id = $1';
      expect(await steps.payer.world.database.asOwner(sql, [token.consentId])).toEqual([{ lookup_key_id: 'k2' }]);
    });
  });
});
