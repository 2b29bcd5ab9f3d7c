import { listedStatements } from '../../../src/database/statement.ts';
import type { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { LedgerInstance, ledgerFolder, ledgerKeys } from '../../support/ledger/ledger-instance.ts';
import { tamper } from '../../support/database/tamper.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';

const folder = ledgerFolder();
const keys = ledgerKeys();
let test: TestDatabase;
let sequencer: Sequencer;

beforeAll(async () => {
  test = await createTestDatabase();
  sequencer = instance();
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

function instance(): Sequencer {
  return new LedgerInstance(test, folder.path, keys).sequencer;
}

interface Leaf {
  readonly number: string;
  readonly evidence_id: string;
}

async function leavesOf(bank: string): Promise<readonly Leaf[]> {
  return (await test.asOwner('select number, evidence_id from ledger_leaf where bank = $1 order by number', [
    bank,
  ])) as unknown as Leaf[];
}

describe('the evidence of a bank', () => {
  it('gets numbers from 1 without a gap, in the order in which it was stored', async () => {
    const first = await storeEvidence(test, 'in-order');
    const second = await storeEvidence(test, 'in-order');
    await sequencer.runOnce();
    const third = await storeEvidence(test, 'in-order');
    await sequencer.runOnce();
    expect(await leavesOf('in-order')).toEqual(
      [...first, ...second, ...third].map((id, index) => ({ number: String(index + 1), evidence_id: id })),
    );
  });

  it('has numbers of its own: those of another bank do not show in it', async () => {
    await storeEvidence(test, 'one', 3);
    await storeEvidence(test, 'other', 2);
    await sequencer.runOnce();
    expect((await leavesOf('one')).map(({ number }) => number)).toEqual(['1', '2', '3']);
    expect((await leavesOf('other')).map(({ number }) => number)).toEqual(['1', '2']);
  });

  it('gets each number once, however many instances number at the same time', async () => {
    const stored: string[] = [];
    const storing = (async () => {
      for (let round = 0; round < 10; round += 1) stored.push(...(await storeEvidence(test, 'busy', 7)));
    })();
    const instances = Array.from({ length: 4 }, instance);
    for (let round = 0; round < 10; round += 1) await Promise.all(instances.map((one) => one.runOnce()));
    await storing;
    await sequencer.runOnce();
    const leaves = await leavesOf('busy');
    expect(leaves.map(({ number }) => Number(number))).toEqual(Array.from({ length: 70 }, (_, index) => index + 1));
    expect(leaves.map(({ evidence_id }) => evidence_id).sort()).toEqual(stored.sort());
    expect(await test.asOwner('select from ledger_pending')).toEqual([]);
  });

  it('takes more than one transaction where much waits, and says that more may be left', async () => {
    await storeEvidence(test, 'backlog', 2_500);
    expect(await sequencer.runOnce()).toBe(2_000);
    expect(await sequencer.runOnce()).toBe(500);
    expect((await leavesOf('backlog')).at(-1)).toMatchObject({ number: '2500' });
  });
});

describe('a bank', () => {
  it('gets its numbers though evidence of another one can get none', async () => {
    const [spoiled] = await storeEvidence(test, 'a-spoiled');
    await tamper(test, 'ledger_pending', `update ledger_pending set digest = sha256('x') where evidence_id = $1`, [
      spoiled,
    ]);
    await storeEvidence(test, 'b-sound');
    await expect(sequencer.runOnce()).rejects.toThrow('a leaf of no evidence');
    expect(await leavesOf('b-sound')).toHaveLength(1);
    await tamper(test, 'ledger_pending', 'delete from ledger_pending where evidence_id = $1', [spoiled]);
  });

  it('is found to wait by one row, however many of its rows wait', async () => {
    const plan = JSON.stringify(
      await test.asOwner(`explain (analyze, format json) ${listedStatements().get('ledger.selectWaiting') ?? ''}`),
    );
    expect(plan).not.toContain('Aggregate');
  });
});

describe('the owner of the database, by ordinary statements', () => {
  let id: string;
  beforeAll(async () => {
    [id = ''] = await storeEvidence(test, 'locked');
    await sequencer.runOnce();
  });

  it.each([
    ['change a leaf', `update ledger_leaf set digest = sha256('x') where bank = 'locked'`],
    ['remove a leaf', `delete from ledger_leaf where bank = 'locked'`],
    ['remove all leaves', 'truncate ledger_leaf cascade'],
    ['change evidence that was brought back', `update returned_evidence set sealed = '\\x00'`],
    ['change a head', `update checkpoint set note = 'x'`],
    ['move a log', `update ledger_log set log_id = repeat('a', 26)`],
  ])('does not %s', async (_, sql) => {
    await expect(test.asOwner(sql)).rejects.toThrow(/append-only/);
  });

  it('leaves out no number', async () => {
    const sql = `insert into ledger_leaf (bank, number, kind, digest) values ('locked', 3, 'lost', sha256('x'))`;
    await expect(test.asOwner(sql)).rejects.toThrow(/without a gap/);
  });

  it('gives no number to what is no evidence, and none twice', async () => {
    const insert = (evidence: string, digest: string): Promise<unknown> =>
      test.asOwner(
        `insert into ledger_leaf (bank, number, kind, evidence_id, digest) values ('locked', 2, 'evidence', ${evidence}, ${digest})`,
      );
    await expect(insert('gen_random_uuid()', `sha256('x')`)).rejects.toThrow(/no evidence/);
    await expect(insert(`'${id}'`, `sha256('${id}')`)).rejects.toThrow(/unique/);
  });

  it('takes away nothing that still waits for its number', async () => {
    await storeEvidence(test, 'waiting');
    await expect(test.asOwner(`delete from ledger_pending where bank = 'waiting'`)).rejects.toThrow(/without a number/);
    await expect(test.asOwner(`update ledger_pending set bank = 'other'`)).rejects.toThrow(/append-only/);
  });
});

describe('evidence that comes back to its lost leaf', () => {
  it('has its number already, and gets no second one', async () => {
    const digest = (id: string): string => `sha256('${id}'::text::bytea)`;
    const [kept = ''] = await storeEvidence(test, 'restored');
    await sequencer.runOnce();
    const lost = '11111111-1111-4111-8111-111111111111';
    await test.asOwner(
      `insert into ledger_leaf (bank, number, kind, digest) values ('restored', 2, 'lost', ${digest(lost)})`,
    );
    await test.asOwner(
      `set session_replication_role = replica;
       insert into evidence select (jsonb_populate_record(e, jsonb_build_object('id', '${lost}', 'order_id', gen_random_uuid(),
                                                          'digest', ${digest(lost)}))).* from evidence e where id = '${kept}'`,
    );
    await sequencer.runOnce();
    expect(await leavesOf('restored')).toEqual([
      { number: '1', evidence_id: kept },
      { number: '2', evidence_id: null },
    ]);
  });
});
