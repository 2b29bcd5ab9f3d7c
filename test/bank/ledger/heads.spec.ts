import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isConsistent, isIncluded, leafHash } from '../../../src/crypto/tlog/merkle.ts';
import { formatNote, openNote, parseNote } from '../../../src/crypto/tlog/note.ts';
import { consistencyProof } from '../../../src/crypto/tlog/tiles.ts';
import { Logger } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { ledgerFolder, ledgerKeys, LedgerInstance } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';
import { tamper } from '../../support/database/tamper.ts';

const keys = ledgerKeys();
const folder = ledgerFolder();
let test: TestDatabase;
let one: LedgerInstance;
let other: LedgerInstance;

beforeAll(async () => {
  Logger.overrideLogger(false);
  test = await createTestDatabase();
  one = new LedgerInstance(test, folder.path, keys);
  other = new LedgerInstance(test, folder.path, keys);
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

async function newest(bank: string): Promise<{ readonly size: number; readonly root: Buffer }> {
  const log = await one.log(bank);
  const kept = await one.directory.findNewest(log.folder);
  return kept ? one.signer.open(log.origin, kept.note) : { size: 0, root: Buffer.alloc(0) };
}

describe('the heads of a log', () => {
  it('have all evidence of the bank, each provable by its number, and each head continues the one before', async () => {
    const stored = [...(await storeEvidence(test, 'growing', 300))];
    expect(await one.advance('growing')).toBe(300);
    const first = await newest('growing');
    stored.push(...(await storeEvidence(test, 'growing', 7)));
    expect(await other.advance('growing')).toBe(7);
    const second = await newest('growing');
    expect([first.size, second.size]).toEqual([300, 307]);
    const { folder: path } = await one.log('growing');
    const proof = await consistencyProof(one.directory.readTile(path), 300, 307);
    expect(isConsistent({ older: first, newer: second, proof })).toBe(true);
    const digests = await test.asOwner(`select id, digest from evidence where bank = 'growing'`);
    for (const [index, id] of stored.entries()) {
      if (index % 37 !== 0 && index < 299) continue;
      const covered = await one.ledger.findCovered('growing', id);
      if (covered === 'not-yet') throw new Error(`${index} is not covered`);
      const leaf = leafHash(digests.find((row) => row['id'] === id)?.['digest'] as Buffer);
      const { root } = one.signer.open((await one.log('growing')).origin, Buffer.from(covered.checkpoint));
      expect([covered.number, covered.index, covered.size]).toEqual([index + 1, index, index < 300 ? 300 : 307]);
      expect(isIncluded({ index, size: covered.size, leaf, proof: [...covered.proof], root })).toBe(true);
    }
  });

  it('are signed only where the log has grown, and no more often than the interval says', async () => {
    expect(await one.advance('quiet')).toBe(0);
    await storeEvidence(test, 'quiet');
    expect(await one.advance('quiet')).toBe(1);
    expect(await one.advance('quiet')).toBe(0);
    await storeEvidence(test, 'quiet');
    await one.sequencer.runOnce();
    const log = await one.log('quiet');
    expect(await one.heads.advance(log, 60)).toBe(0);
    expect(await one.heads.advance(log, 0)).toBe(1);
  });

  it('are signed though the last one is of the future, because the clock was ahead', async () => {
    await storeEvidence(test, 'clock');
    await one.advance('clock');
    await tamper(
      test,
      'checkpoint',
      `update checkpoint set signed_at = now() + interval '1 year' where bank = 'clock'`,
    );
    await storeEvidence(test, 'clock');
    await one.sequencer.runOnce();
    expect(await one.heads.advance(await one.log('clock'), 60)).toBe(1);
  });

  it('go on after an instance that was held up for long has shown an older one as the newest', async () => {
    const shown: Buffer[] = [];
    for (let size = 1; size <= 3; size += 1) {
      await storeEvidence(test, 'held-up');
      await one.advance('held-up');
      if (size === 1) await other.directory.largestCheckpoint((await one.log('held-up')).folder);
      const { folder: path } = await one.log('held-up');
      shown.push(readFileSync(join(folder.path, path, 'checkpoint')));
    }
    for (const [at, instance] of [one, other].entries()) {
      const { folder: path } = await one.log('held-up');
      writeFileSync(join(folder.path, path, 'checkpoint'), shown[0] ?? '');
      await storeEvidence(test, 'held-up');
      expect(await instance.advance('held-up')).toBe(1);
      expect(await newest('held-up')).toMatchObject({ size: 4 + at });
    }
  });

  it('are one for each size, however many instances sign at the same time', async () => {
    const instances = Array.from({ length: 4 }, () => new LedgerInstance(test, folder.path, keys));
    for (let round = 0; round < 5; round += 1) {
      await storeEvidence(test, 'raced', 5);
      await Promise.all(instances.map((instance) => instance.advance('raced')));
    }
    await one.advance('raced');
    expect(await newest('raced')).toMatchObject({ size: 25 });
    const { folder: path } = await one.log('raced');
    const stored = await test.asOwner(`select size, note from checkpoint where bank = 'raced' order by size`);
    const kept = readdirSync(join(folder.path, path, 'checkpoints')).sort();
    expect(kept.map(Number)).toEqual(stored.map(({ size }) => Number(size)));
    for (const [index, name] of kept.entries()) {
      expect(readFileSync(join(folder.path, path, 'checkpoints', name), 'utf8')).toBe(stored[index]?.['note']);
    }
  });

  it('go on for a bank that is registered no more', async () => {
    await storeEvidence(test, 'former');
    await one.sequencer.runOnce();
    expect(await other.logs.banks()).toContain('former');
  });

  it('say that evidence without a number, or of another bank, is not covered', async () => {
    const [id = ''] = await storeEvidence(test, 'not-yet');
    expect(await one.ledger.findCovered('not-yet', id)).toBe('not-yet');
    await one.sequencer.runOnce();
    expect(await one.ledger.findCovered('not-yet', id)).toBe('not-yet');
    await one.advance('not-yet');
    expect(await one.ledger.findCovered('not-yet', id)).toMatchObject({ number: 1, size: 1 });
    expect(await one.ledger.findCovered('growing', id)).toBe('not-yet');
  });
});

describe('nothing is signed', () => {
  const reasonOf = (bank: string): Promise<unknown> =>
    new LedgerInstance(test, folder.path, keys).advance(bank).then(
      () => 'signed',
      (error: unknown) => (error as { readonly reason?: unknown }).reason,
    );
  const signed = (bank: string): Promise<unknown> =>
    test.asOwner('select size from checkpoint where bank = $1 order by size', [bank]);

  it('on a database that was restored from before a kept head, though its log has to be made again', async () => {
    await storeEvidence(test, 'restored', 4);
    await one.advance('restored');
    for (const table of ['checkpoint', 'ledger_leaf', 'ledger_log'])
      await tamper(test, table, `delete from ${table} where bank = 'restored'`);
    await storeEvidence(test, 'restored', 5);
    expect(await reasonOf('restored')).toBe('ahead');
    expect(await signed('restored')).toEqual([]);
    // Nor is a number given that may have been given before.
    expect(await test.asOwner(`select number from ledger_leaf where bank = 'restored'`)).toEqual([]);
    expect(await newest('restored')).toMatchObject({ size: 4 });
  });

  it('after a head was replaced in the database', async () => {
    await storeEvidence(test, 'replaced', 4);
    await one.advance('replaced');
    await tamper(test, 'checkpoint', `update checkpoint set root = sha256('x') where bank = 'replaced'`);
    await storeEvidence(test, 'replaced');
    expect(await reasonOf('replaced')).toBe('differs');
  });

  it('after a kept tile was altered', async () => {
    await storeEvidence(test, 'altered', 4);
    await one.advance('altered');
    const { folder: path } = await one.log('altered');
    writeFileSync(join(folder.path, path, 'tile/0/000.p/4'), Buffer.alloc(4 * 32));
    await storeEvidence(test, 'altered');
    expect(await reasonOf('altered')).toBe('differs');
  });

  it('after a kept head was replaced by one that our key did not sign', async () => {
    await storeEvidence(test, 'forged', 4);
    const forger = new LedgerInstance(test, folder.path, ledgerKeys('x1'));
    await one.advance('forged');
    const log = await one.log('forged');
    const note = await forger.signer.sign({ origin: log.origin, size: 9, root: Buffer.alloc(32) });
    writeFileSync(join(folder.path, log.folder, 'checkpoint'), note);
    await storeEvidence(test, 'forged');
    expect(await reasonOf('forged')).toBe('differs');
  });

  it('after a kept head was replaced by that of another log, with the name of this one on its signature', async () => {
    await storeEvidence(test, 'spliced', 4);
    await storeEvidence(test, 'spliced-in', 5);
    for (const bank of ['spliced', 'spliced-in']) await one.advance(bank);
    const log = await one.log('spliced');
    const { note } = (await one.directory.findNewest((await one.log('spliced-in')).folder))!;
    const { text, signatures } = parseNote(note);
    const [key] = one.signer.keysOf(log.origin);
    const renamed = signatures.map(({ octets }) => ({ name: log.origin, keyId: key!.keyId, octets }));
    expect(openNote(Buffer.from(formatNote({ text, signatures: renamed })), [key!]).verified).toHaveLength(1);
    writeFileSync(join(folder.path, log.folder, 'checkpoint'), formatNote({ text, signatures: renamed }));
    await storeEvidence(test, 'spliced');
    expect(await reasonOf('spliced')).toBe('differs');
  });

  it('after leaves were removed between the last head and the next', async () => {
    await storeEvidence(test, 'removed', 4);
    await one.advance('removed');
    await storeEvidence(test, 'removed', 3);
    await one.sequencer.runOnce();
    await tamper(test, 'ledger_leaf', `delete from ledger_leaf where bank = 'removed' and number = 6`);
    expect(await reasonOf('removed')).toBe('differs');
    expect(await signed('removed')).toHaveLength(1);
  });

  it('after the folder lost published heads, and is not written anew as if they had never been', async () => {
    await storeEvidence(test, 'lost', 4);
    await one.advance('lost');
    await storeEvidence(test, 'lost', 4);
    await one.advance('lost');
    const { folder: path } = await one.log('lost');
    rmSync(join(folder.path, path), { recursive: true });
    expect(await reasonOf('lost')).toBe('behind');
  });

  it('while the folder is not there, and then the log goes on', async () => {
    await storeEvidence(test, 'away', 4);
    const away = new LedgerInstance(test, `${folder.path}/none`, keys);
    await expect(away.advance('away')).rejects.toMatchObject({ reason: 'gone' });
    expect(await one.advance('away')).toBe(4);
  });
});

describe('a process that dies between two steps', () => {
  it('after it has stored a head leaves it to be kept, unchanged, by the next one, even under another key', async () => {
    await storeEvidence(test, 'died', 4);
    await one.sequencer.runOnce();
    const log = await one.log('died');
    const dying = new LedgerInstance(test, folder.path, keys);
    dying.directory.publish = () => Promise.reject(new Error('killed'));
    await expect(dying.heads.advance(log, 0)).rejects.toThrow('killed');
    await storeEvidence(test, 'died', 3);
    const [stored] = await test.asOwner(`select note from checkpoint where bank = 'died'`);
    const renewed = new LedgerInstance(test, folder.path, keys);
    expect(await renewed.advance('died')).toBe(4);
    const kept = await one.directory.findNewest(log.folder);
    expect(kept?.note.toString()).toBe(stored?.['note']);
    expect(await renewed.advance('died')).toBe(3);
  });

  it.each(['tile', 'checkpoints', 'checkpoint'])(
    'before it has written its %s leaves nothing that the next one cannot finish',
    async (lacking) => {
      const bank = `died-at-${lacking}`;
      await storeEvidence(test, bank, 4);
      await one.advance(bank);
      const log = await one.log(bank);
      await storeEvidence(test, bank, 3);
      await one.advance(bank);
      const kept = await one.directory.findNewest(log.folder);
      // As if the second head had been written only up to there.
      const first = await one.directory.findCheckpoint(log.folder, 4);
      writeFileSync(join(folder.path, log.folder, 'checkpoint'), first?.note ?? '');
      if (lacking !== 'checkpoint') rmSync(join(folder.path, log.folder, 'checkpoints/00000000000000000007'));
      if (lacking === 'tile') rmSync(join(folder.path, log.folder, 'tile/0/000.p/7'));
      const next = new LedgerInstance(test, folder.path, keys);
      await next.advance(bank);
      expect((await one.directory.findNewest(log.folder))?.note.toString()).toBe(kept?.note.toString());
      await storeEvidence(test, bank, 1);
      expect(await next.advance(bank)).toBe(1);
      expect((await one.directory.findNewest(log.folder))?.size).toBe(8);
    },
  );
});
