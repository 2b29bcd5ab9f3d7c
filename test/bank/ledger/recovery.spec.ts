import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clients } from '../../../src/clients/clients.ts';
import { isConsistent } from '../../../src/crypto/tlog/merkle.ts';
import { consistencyProof, rootOf } from '../../../src/crypto/tlog/tiles.ts';
import type { LogRecovery } from '../../../src/ledger/ledger-recovery.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { eraseDue } from '../../support/database/erase.ts';
import { tamper } from '../../support/database/tamper.ts';
import { bankOf, LedgerInstance, ledgerFolder, ledgerKeys } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';

const keys = ledgerKeys();
const folder = ledgerFolder();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

/** An instance that serves one bank, as it starts after a restore. */
function startedFor(bank: string, ownKeys = keys): LedgerInstance {
  return new LedgerInstance(test, folder.path, ownKeys, new Clients([bankOf(bank)]));
}

/** Sets the log of a bank back to so many leaves and the heads of then, as a restore does. */
async function setBack(bank: string, size: number): Promise<void> {
  await tamper(test, 'checkpoint', 'delete from checkpoint where bank = $1 and size > $2', [bank, size]);
  await tamper(test, 'ledger_leaf', 'delete from ledger_leaf where bank = $1 and number > $2', [bank, size]);
  await tamper(test, 'ledger_audit_leaf', 'delete from ledger_audit_leaf where bank = $1', [bank]);
}

const leavesOf = (bank: string) =>
  test.asOwner('select number::int, kind, evidence_id from ledger_leaf where bank = $1 order by number', [bank]);
const recovered = async (bank: string, one = startedFor(bank)): Promise<readonly LogRecovery[]> =>
  (await one.recovery.run()).filter((log) => log.bank === bank && log.kind === 'evidence');
const refused = [{ lost: 0, found: 0, refused: expect.stringContaining('differs') as unknown }];

async function threeHeads(bank: string): Promise<LedgerInstance> {
  const one = startedFor(bank);
  for (const more of [10, 290, 5]) {
    await storeEvidence(test, bank, more);
    await one.advance(bank);
  }
  return one;
}

describe('a log whose database was set back', () => {
  it('takes the numbers that it lost from what is kept, and goes on after them', async () => {
    await threeHeads('set-back');
    const stored = await test.asOwner(`select evidence_id, number::int from ledger_leaf where bank = 'set-back'`);
    await setBack('set-back', 10);
    // Evidence of two numbers came with the backup, and waits for its number.
    const [found, another] = stored.filter(({ number }) => Number(number) > 300);
    for (const row of [found, another])
      await tamper(
        test,
        'ledger_pending',
        'insert into ledger_pending select id, bank, digest, stored_at from evidence where id = $1',
        [row?.['evidence_id']],
      );
    const one = startedFor('set-back');
    const fresh = await storeEvidence(test, 'set-back', 2);
    await expect(one.advance('set-back')).rejects.toMatchObject({ reason: 'ahead' });
    expect(await recovered('set-back', one)).toEqual([
      { bank: 'set-back', kind: 'evidence', size: 305, lost: 293, found: 2 },
    ]);
    expect(await one.advance('set-back')).toBe(2);
    const leaves = await leavesOf('set-back');
    expect(leaves.map(({ number }) => number)).toEqual(Array.from({ length: 307 }, (_, index) => index + 1));
    expect(leaves.filter(({ kind }) => kind === 'lost')).toHaveLength(293);
    expect(leaves[Number(found?.['number']) - 1]).toMatchObject({ evidence_id: found?.['evidence_id'] });
    expect(leaves.slice(-2).map(({ evidence_id }) => evidence_id)).toEqual(fresh);
    // Whoever holds a head from before finds it continued.
    const log = await one.log('set-back');
    const older = (await one.directory.findCheckpoint(log.folder, 305))!;
    const newer = (await one.directory.findNewest(log.folder))!;
    const proof = await consistencyProof(one.directory.readTile(log.folder), 305, 307);
    expect(isConsistent({ older, newer, proof })).toBe(true);
  });

  it('takes evidence back at lost numbers alone, and it is erased when its retention ends', async () => {
    const one = await threeHeads('returned');
    await setBack('returned', 10);
    await one.recovery.run();
    const keep = async (number: number, ends: string): Promise<string> => {
      const subject = `consent:returned:${randomUUID()}`;
      const key = `insert into data_key (key_id, subject, kek_id, wrapped) values (gen_random_uuid(), $1, 'k', '\\x00')`;
      await test.asOwner(key, [subject]);
      await test.asOwner(
        `insert into returned_evidence (bank, number, evidence_id, subject, sealed, retention_ends_at)
         values ('returned', $1, gen_random_uuid(), $2, '\\x00', now() + $3::interval)`,
        [number, subject, ends],
      );
      return subject;
    };
    await expect(keep(3, '1 day')).rejects.toThrow('lost leaves alone');
    const [living, ended] = [await keep(11, '1 day'), await keep(12, '-1 second')];
    expect(await eraseDue(test)).toEqual([ended]);
    expect(await test.asOwner('select subject from data_key where subject = $1', [living])).toHaveLength(1);
  });

  it('takes nothing twice, and nothing where nothing was lost', async () => {
    const one = await threeHeads('again');
    expect(await recovered('again', one)).toMatchObject([{ lost: 0, found: 0 }]);
    await setBack('again', 0);
    await tamper(test, 'ledger_log', `delete from ledger_log where bank = 'again'`);
    const restored = startedFor('again');
    expect(await recovered('again', restored)).toMatchObject([{ lost: 305, found: 0, size: 305 }]);
    expect(await recovered('again', restored)).toMatchObject([{ lost: 0, found: 0 }]);
    const heads = await test.asOwner(`select size::int from checkpoint where bank = 'again' order by size`);
    expect(heads.map(({ size }) => size)).toEqual([10, 300, 305]);
    expect(await restored.advance('again')).toBe(0);
  });

  it('takes all heads, though it was interrupted among them', async () => {
    const one = startedFor('interrupted');
    for (let size = 1; size <= 8; size += 1) {
      await storeEvidence(test, 'interrupted');
      await one.advance('interrupted');
    }
    await setBack('interrupted', 1);
    const { folder: path } = await one.log('interrupted');
    const second = join(folder.path, path, 'checkpoints', '2'.padStart(20, '0'));
    const note = readFileSync(second);
    writeFileSync(second, 'no note');
    expect(await recovered('interrupted')).toMatchObject([{ refused: expect.any(String) as unknown }]);
    writeFileSync(second, note);
    await recovered('interrupted');
    const heads = await test.asOwner(`select size::int from checkpoint where bank = 'interrupted' order by size`);
    expect(heads.map(({ size }) => size)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('takes nothing that contradicts what it has', async () => {
    await threeHeads('contradicting');
    await setBack('contradicting', 10);
    await tamper(
      test,
      'ledger_leaf',
      `update ledger_leaf set digest = sha256('x') where bank = 'contradicting' and number = 3`,
    );
    await tamper(test, 'checkpoint', `update checkpoint set root = sha256('x') where bank = 'contradicting'`);
    expect(await recovered('contradicting')).toMatchObject(refused);
    expect(await leavesOf('contradicting')).toHaveLength(10);
    const heads = await test.asOwner(`select size::int from checkpoint where bank = 'contradicting'`);
    expect(heads).toEqual([{ size: 10 }]);
  });

  it('takes no numbers in place of those that were given meanwhile', async () => {
    await threeHeads('numbered-again');
    await setBack('numbered-again', 10);
    const others = await storeEvidence(test, 'numbered-again', 3);
    for (const [at, id] of others.entries())
      await test.asOwner(
        `insert into ledger_leaf (bank, number, kind, evidence_id, digest)
         select bank, $2, 'evidence', id, digest from evidence where id = $1`,
        [id, 11 + at],
      );
    expect(await recovered('numbered-again')).toMatchObject(refused);
    expect(await leavesOf('numbered-again')).toHaveLength(13);
  });

  it('takes nothing from a folder whose tiles or heads were changed, or that another key signed', async () => {
    const one = await threeHeads('forged');
    const { folder: path } = await one.log('forged');
    await setBack('forged', 10);
    const change = async (file: string): Promise<void> => {
      const at = join(folder.path, path, file);
      const bytes = readFileSync(at);
      const changed = Buffer.from(bytes);
      changed[40] = changed[40]! ^ 1;
      writeFileSync(at, changed);
      expect(await recovered('forged')).toMatchObject([{ lost: 0, refused: expect.any(String) as unknown }]);
      writeFileSync(at, bytes);
    };
    for (const file of ['tile/entries/001.p/49', 'tile/0/001.p/49', 'tile/0/000', 'checkpoint']) await change(file);
    const stranger = startedFor('forged', ledgerKeys());
    expect(await recovered('forged', stranger)).toMatchObject([{ lost: 0, refused: expect.any(String) as unknown }]);
    expect(await leavesOf('forged')).toHaveLength(10);
    expect(readdirSync(join(folder.path, path, 'checkpoints'))).toHaveLength(3);
    expect(await recovered('forged')).toMatchObject([{ lost: 295 }]);
    expect(await rootOf(one.directory.readTile(path), 305)).toEqual((await one.directory.findNewest(path))!.root);
  });
});
