import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyRoot, leafHash, nodeHash } from '../../../src/crypto/tlog/merkle.ts';
import { Hold, holdCommitsOf } from '../../support/database/hold.ts';
import { eventually } from '../../support/eventually.ts';
import { ledgerFolder } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { ServiceProcess } from '../../support/system/service-process.ts';

const folder = ledgerFolder();
const stored: string[] = [];
let world: ProcessSystem;
let one: ServiceProcess;
let other: ServiceProcess;
let bank: string;

beforeAll(async () => {
  const env = { LEDGER_DIRECTORY: folder.path, LEDGER_HEAD_SECONDS: '1' };
  world = await ProcessSystem.start(2, [env, env]);
  [one, other] = world.instances as [ServiceProcess, ServiceProcess];
  bank = world.clients.bank.id;
  await holdCommitsOf(world.database, 'ledger_leaf', 'checkpoint');
  await other.kill();
});
afterAll(async () => {
  await world.stop();
  folder.remove();
});

async function store(count: number): Promise<void> {
  stored.push(...(await storeEvidence(world.database, bank, count)));
}

interface Head {
  readonly size: number;
  readonly note: string;
  readonly root: Buffer;
}

async function heads(): Promise<readonly Head[]> {
  const rows = await world.database.asOwner(
    `select size, note, root from checkpoint where bank = $1 and kind = 'evidence' order by size`,
    [bank],
  );
  return rows.map(({ size, note, root }) => ({ size: Number(size), note: String(note), root: root as Buffer }));
}

async function digests(): Promise<readonly Buffer[]> {
  const leaves = await world.database.asOwner(
    'select number, digest from ledger_leaf where bank = $1 order by number',
    [bank],
  );
  expect(leaves.map(({ number }) => Number(number))).toEqual(leaves.map((_, at) => at + 1));
  return leaves.map(({ digest }) => digest as Buffer);
}

/** By RFC 6962 §2.1 alone, of all leaves. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ? leafHash(leaves[0]) : emptyRoot;
  const left = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootOf(leaves.slice(0, left)), rootOf(leaves.slice(left)));
}

/** All evidence has its number, once, and is under a head that is kept; each head is one note, here and there. */
async function checkAll(): Promise<void> {
  const folderOfLog = async (): Promise<string> => {
    const [log] = await world.database.asOwner('select log_id from ledger_log where bank = $1', [bank]);
    return join(folder.path, String(log?.['log_id']));
  };
  const look = async (): Promise<true | undefined> => {
    const newest = (await heads()).at(-1);
    if (newest?.size !== stored.length) return undefined;
    const shown = join(await folderOfLog(), 'checkpoint');
    return (existsSync(shown) && readFileSync(shown, 'utf8') === newest.note) || undefined;
  };
  await eventually(look, () => 'not all evidence is under a kept head');
  const numbered = await world.database.asOwner('select evidence_id as id from ledger_leaf where bank = $1', [bank]);
  expect(numbered.map(({ id }) => String(id)).sort()).toEqual([...stored].sort());
  const leaves = await digests();
  for (const { size, note, root } of await heads()) {
    expect(root).toEqual(rootOf(leaves.slice(0, size)));
    const kept = join(await folderOfLog(), 'checkpoints', String(size).padStart(20, '0'));
    expect(readFileSync(kept, 'utf8')).toBe(note);
  }
}

/** Kills the instance that waits for what is held, lets go, and starts it again. */
async function killHeld(hold: Hold): Promise<void> {
  await hold.untilBlocked();
  await one.kill();
  await hold.release();
  await one.start();
}

const lock = (table: string): Promise<Hold> => Hold.take(world.database, `lock table ${table} in exclusive mode`);

describe('the ledger of a bank has all its evidence, each under one number and one head for each size, though instances are killed', () => {
  it('before they have given a number', async () => {
    const hold = await lock('ledger_leaf');
    await store(5);
    await killHeld(hold);
    await checkAll();
  }, 60_000);

  it('when numbers were given and the process has not heard so', async () => {
    const hold = await Hold.commit(world.database);
    await store(5);
    await killHeld(hold);
    await checkAll();
  }, 60_000);

  it('before they have stored a head', async () => {
    const hold = await lock('checkpoint');
    await store(5);
    await killHeld(hold);
    await checkAll();
  }, 60_000);

  it('when a head was stored and nothing of it is kept outside', async () => {
    await store(5);
    await eventually(async () => ((await digests()).length === stored.length ? true : undefined));
    const hold = await Hold.commit(world.database);
    await store(1);
    await killHeld(hold);
    await checkAll();
  }, 60_000);

  it('one of two again and again, at any moment, while evidence keeps coming', async () => {
    await other.start();
    for (const victim of [one, other]) {
      await store(40);
      await eventually(async () => ((await digests()).length > stored.length - 40 ? true : undefined));
      await victim.kill();
      await store(3);
      await victim.start();
    }
    await checkAll();
  }, 120_000);
});
