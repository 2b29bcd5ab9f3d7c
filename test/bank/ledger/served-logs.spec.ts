import type { Request } from 'express';
import { OpenRequests, type Caller } from '../../../src/client-auth/access.ts';
import { Clients, type Client } from '../../../src/clients/clients.ts';
import type { ClientId } from '../../../src/kernel/ids.ts';
import { ServedLogs } from '../../../src/ledger/serve/served-logs.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { ledgerFolder, ledgerKeys, LedgerInstance } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';

const folder = ledgerFolder();
const open = new OpenRequests();
let test: TestDatabase;
let one: LedgerInstance;
let served: ServedLogs;
let logId: string;
let publicId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  one = new LedgerInstance(test, folder.path, ledgerKeys());
  const banks = [
    { id: 'closed', keys: [] },
    { id: 'open', keys: [], ledger: { public: true, witnesses: [] } },
  ];
  served = new ServedLogs(one.logs, one.directory, new Clients(banks as unknown as readonly Client[]), open);
  for (const bank of ['closed', 'open']) {
    await storeEvidence(test, bank, 3);
    await one.advance(bank);
  }
  [logId, publicId] = [(await one.log('closed')).folder, (await one.log('open')).folder];
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

const callerOf = (bank: string): Caller => ({ bank: bank as ClientId }) as Caller;
const isOpen = (id: string): Promise<boolean> =>
  open.isOpen('public-log', { params: { logId: id } } as unknown as Request);
const missing = expect.objectContaining({ code: 'ledger.not-found' });

describe('a log', () => {
  it('is served to its bank as it is kept, byte for byte', async () => {
    const kept = await one.directory.findNewest(logId);
    expect(await served.readCheckpoint(logId, 'evidence', callerOf('closed'))).toEqual(kept?.note);
    const tile = await one.directory.findTile(logId, 'tile/entries/000.p/3');
    expect(await served.readTile(logId, 'evidence', 'entries/000.p/3', callerOf('closed'))).toEqual(tile);
  });

  it('looks to another bank, and to a caller without one, as if it were not there', async () => {
    for (const caller of [callerOf('open'), { ...callerOf('open'), bank: undefined }, undefined]) {
      await expect(served.readCheckpoint(logId, 'evidence', caller)).rejects.toEqual(missing);
      await expect(served.readTile(logId, 'evidence', '0/000.p/3', caller)).rejects.toEqual(missing);
      await expect(served.readCheckpoint('a'.repeat(26), 'evidence', caller)).rejects.toEqual(missing);
    }
  });

  it('is open to all where its bank has said so, and not otherwise', async () => {
    expect([await isOpen(publicId), await isOpen(logId), await isOpen('a'.repeat(26)), await isOpen('../x')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(await served.readCheckpoint(publicId, 'evidence', undefined)).toHaveProperty('length');
    expect(await served.readCheckpoint(publicId, 'evidence', callerOf('closed'))).toHaveProperty('length');
  });

  it('has nothing at an address that is no tile of a published tree, nor outside of its folder', async () => {
    for (const path of [
      '0/000',
      '0/000.p/4',
      '0/1',
      'x/000',
      '0/../../checkpoint',
      '0/%2e%2e',
      '../checkpoint',
      'entries/',
    ]) {
      await expect(served.readTile(logId, 'evidence', path, callerOf('closed'))).rejects.toEqual(missing);
    }
    await expect(served.readCheckpoint(logId, 'audit', callerOf('closed'))).rejects.toEqual(missing);
  });

  it('is unavailable, not absent, while its folder cannot be reached', async () => {
    const away = new LedgerInstance(test, `${folder.path}/none`, ledgerKeys());
    const without = new ServedLogs(away.logs, away.directory, new Clients([]), new OpenRequests());
    const reading = without.readCheckpoint(logId, 'evidence', callerOf('closed'));
    await expect(reading).rejects.toMatchObject({ code: 'ledger.unavailable' });
  });
});
