import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadRounds } from '../../../src/ledger/heads/head-rounds.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { eventually } from '../../support/eventually.ts';
import { exchange, type RawAnswer } from '../../support/parties/exchange.ts';
import { TestSystem } from '../../support/system/system.ts';

const parent = mkdtempSync(join(tmpdir(), 'sigill-ledger-'));
const folder = join(parent, 'mount');
let test: TestSystem;

beforeAll(async () => {
  test = await TestSystem.start({ env: { LEDGER_DIRECTORY: folder }, logLevel: 'fatal' });
});
afterAll(async () => {
  await test.stop();
  rmSync(parent, { recursive: true, force: true });
});

const ready = (): Promise<RawAnswer> => exchange(`${test.system.issuer}/health/ready`);

async function round(): Promise<void> {
  await test.get(Sequencer).runOnce();
  await test.get(HeadRounds).runOnce();
}

describe('while the folder of the ledger is not there', () => {
  it('payments are authorised, readiness only warns, and all evidence is in the ledger once the folder is back', async () => {
    const { token } = await test.signedPayment();
    const [evidence] = await test.database.asOwner('select id, bank from evidence where consent_id = $1', [
      token.consentId,
    ]);
    const { id, bank } = evidence as { readonly id: string; readonly bank: string };
    await round();
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: 'degraded', details: { ledger: { status: 'degraded', message: 'heads cannot be kept' } } },
    });
    expect(await test.get(Ledger).findCovered(bank, id)).toBe('not-yet');
    expect(await test.database.asOwner('select from checkpoint')).toEqual([]);

    mkdirSync(folder);
    const covered = await eventually(async () => {
      await round();
      const found = await test.get(Ledger).findCovered(bank, id);
      return found === 'not-yet' ? undefined : found;
    });
    expect(covered).toMatchObject({ number: 1, size: 1 });
    expect(await ready()).toMatchObject({ body: { details: { ledger: { status: 'up' } } } });
  }, 60_000);
});
