import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { tamper } from '../../support/database/tamper.ts';
import { LedgerInstance, ledgerFolder, ledgerKeys } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';

const keys = ledgerKeys();
const folder = ledgerFolder();
let test: TestDatabase;
let one: LedgerInstance;

beforeAll(async () => {
  test = await createTestDatabase();
  one = new LedgerInstance(test, folder.path, keys);
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

const contents = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder.path, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path, readFileSync(path, 'base64')]),
  );
const started = (): LedgerInstance => new LedgerInstance(test, folder.path, keys);

async function grow(...sizes: readonly number[]): Promise<void> {
  for (const more of sizes) {
    await storeEvidence(test, 'bank', more);
    await one.advance('bank');
  }
}

describe('a ledger’s folder that was lost', () => {
  it('is written again from the database as it was, by command alone', async () => {
    await grow(10, 290, 5);
    const before = contents();
    rmSync(folder.path, { recursive: true });
    mkdirSync(folder.path);
    await expect(started().advance('bank')).rejects.toMatchObject({ reason: 'behind' });
    expect(contents()).toEqual(new Map());
    expect(await started().rebuild.run()).toContainEqual({ bank: 'bank', kind: 'evidence', heads: 3 });
    expect(contents()).toEqual(before);
    expect(await started().rebuild.run()).toContainEqual({ bank: 'bank', kind: 'evidence', heads: 0 });
    await storeEvidence(test, 'bank', 2);
    expect(await started().advance('bank')).toBe(2);
  });

  it('and was restored from an older backup gets what came after it', async () => {
    const backup = ledgerFolder();
    cpSync(folder.path, backup.path, { recursive: true });
    await grow(3, 4);
    const before = contents();
    rmSync(folder.path, { recursive: true });
    cpSync(backup.path, folder.path, { recursive: true });
    backup.remove();
    await expect(started().advance('bank')).rejects.toMatchObject({ reason: 'behind' });
    expect(await started().rebuild.run()).toContainEqual({ bank: 'bank', kind: 'evidence', heads: 2 });
    expect(contents()).toEqual(before);
  });

  it('is not written again from leaves that are not those of the heads, nor over what contradicts them', async () => {
    rmSync(folder.path, { recursive: true });
    mkdirSync(folder.path);
    await tamper(test, 'ledger_leaf', `update ledger_leaf set digest = sha256('x') where number = 3`);
    await expect(started().rebuild.run()).rejects.toMatchObject({ reason: 'differs' });
    expect([...contents().keys()].filter((path) => path.includes('checkpoint'))).toEqual([]);
  });
});
