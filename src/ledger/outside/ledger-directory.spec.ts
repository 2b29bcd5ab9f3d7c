import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describeUnless } from '../../../test/support/skipping.ts';
import { formatCheckpoint } from '../../crypto/tlog/checkpoint.ts';
import { formatSignature, signNote } from '../../crypto/tlog/note.ts';
import { newTiles, rootOf, withFiles, type ReadTile } from '../../crypto/tlog/tiles.ts';
import { verifierKey } from '../../crypto/tlog/verifier-key.ts';
import { DirectoryFault, type DirectoryFaultReason } from './directory-fault.ts';
import { LedgerDirectory, type Publication } from './ledger-directory.ts';

const LOG = 'abcdefghijklmnopqrstuvwxyz';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = verifierKey(`ledger.example/${LOG}`, publicKey);
const signer = { key, sign: (octets: Uint8Array) => sign(null, octets, privateKey) };
const noTiles: ReadTile = () => Promise.reject(new Error('no tile'));

/** What a head brings that takes the log from `size` leaves to `size + more`. */
async function publication(read: ReadTile, size: number, more: number): Promise<Publication & { size: number }> {
  const entries = Array.from({ length: more }, (_, at) => Buffer.alloc(32, size + at));
  const tiles = await newTiles(read, size, entries);
  const root = await rootOf(withFiles(read, tiles), size + more);
  const note = await signNote(formatCheckpoint({ origin: key.name, size: size + more, root }), signer);
  return { tiles, note, size: size + more };
}

const contents = (root: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'base64')]),
  );
const reasonOf = async (work: Promise<unknown>): Promise<DirectoryFaultReason | 'none'> => {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof DirectoryFault) return error.reason;
    throw error;
  }
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sigill-ledger-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the ledger directory', () => {
  it('keeps each head with its tiles, and finds the largest', async () => {
    const directory = new LedgerDirectory(root);
    expect(await directory.largestCheckpoint(LOG)).toBeUndefined();
    const first = await publication(noTiles, 0, 300);
    await directory.publish(LOG, first);
    const second = await publication(directory.readTile(LOG), 300, 20);
    await directory.publish(LOG, second);
    expect(await directory.largestCheckpoint(LOG)).toMatchObject({ size: 320, note: Buffer.from(second.note) });
    expect(await directory.findCheckpoint(LOG, 300)).toMatchObject({ size: 300, note: Buffer.from(first.note) });
    const sizes: number[] = [];
    for await (const size of directory.sizes(LOG)) sizes.push(size);
    expect(sizes.toSorted()).toEqual([300, 320]);
    const { root: head } = (await directory.findNewest(LOG))!;
    expect(await rootOf(directory.readTile(LOG), 320)).toEqual(head);
  });

  it('writes the same again after a failure at any step, and shows no head whose tiles are not all there', async () => {
    const head = await publication(noTiles, 0, 300);
    const whole = mkdtempSync(join(tmpdir(), 'sigill-ledger-'));
    await new LedgerDirectory(whole).publish(LOG, head);
    const steps = [...head.tiles.map(({ path }) => path), `checkpoints/${String(300).padStart(20, '0')}`, 'checkpoint'];
    for (const [at, step] of steps.entries()) {
      rmSync(join(root, LOG), { recursive: true, force: true });
      const obstacle = join(root, LOG, step);
      mkdirSync(obstacle, { recursive: true });
      const directory = new LedgerDirectory(root);
      expect(await reasonOf(directory.publish(LOG, head))).not.toBe('none');
      expect([...contents(root).keys()].toSorted()).toEqual(
        steps
          .slice(0, at)
          .map((path) => `${LOG}/${path}`)
          .toSorted(),
      );
      rmSync(obstacle, { recursive: true });
      // A process that starts now finds a head that was kept and not yet shown.
      expect((await new LedgerDirectory(root).largestCheckpoint(LOG))?.size).toBe(
        step === 'checkpoint' ? 300 : undefined,
      );
      await directory.publish(LOG, head);
      expect(contents(root)).toEqual(contents(whole));
    }
    rmSync(whole, { recursive: true });
  });

  it('lets any number of instances write the same at once', async () => {
    const head = await publication(noTiles, 0, 300);
    await Promise.all(Array.from({ length: 10 }, () => new LedgerDirectory(root).publish(LOG, head)));
    expect(contents(root).size).toBe(head.tiles.length + 2);
  });

  it('never changes a file, whichever of two different ones came first', async () => {
    const [head, other] = [await publication(noTiles, 0, 5), await publication(noTiles, 0, 5)];
    const forged = {
      ...other,
      note: await signNote(`${key.name}\n5\n${Buffer.alloc(32).toString('base64')}\n`, signer),
    };
    const outcomes = await Promise.all(
      [head, forged].map((one) => reasonOf(new LedgerDirectory(root).publish(LOG, one))),
    );
    expect(outcomes.toSorted()).toEqual(['differs', 'none']);
    const before = contents(root);
    const directory = new LedgerDirectory(root);
    const tile = head.tiles[0]!;
    expect(await reasonOf(directory.writeTiles(LOG, [{ ...tile, bytes: Buffer.alloc(170) }]))).toBe('differs');
    expect(contents(root)).toEqual(before);
    await directory.keepTimestamp(LOG, 5, Buffer.of(1));
    await directory.keepTimestamp(LOG, 5, Buffer.of(2), 1);
    expect(await reasonOf(directory.keepTimestamp(LOG, 5, Buffer.of(2)))).toBe('differs');
  });

  it('never shows an older head than before, nor one with fewer signatures', async () => {
    const directory = new LedgerDirectory(root);
    const small = await publication(noTiles, 0, 5);
    const large = await publication(noTiles, 0, 9);
    await directory.publish(LOG, large);
    await directory.publish(LOG, small);
    expect((await directory.findNewest(LOG))?.size).toBe(9);
    const line = formatSignature({ name: 'witness.example', keyId: '01020304', octets: Buffer.alloc(72) });
    await directory.showNewest(LOG, large.note + line);
    await directory.publish(LOG, large);
    expect((await directory.findNewest(LOG))?.note.toString()).toBe(large.note + line);
  });

  it('says that it is gone, and is never made in the place of a mount that is missing', async () => {
    const head = await publication(noTiles, 0, 5);
    rmSync(root, { recursive: true });
    const directory = new LedgerDirectory(root);
    for (const work of [directory.publish(LOG, head), directory.largestCheckpoint(LOG), directory.checkThere()])
      expect(await reasonOf(work)).toBe('gone');
    expect(() => readdirSync(root)).toThrow('ENOENT');
    writeFileSync(root, 'a file');
    expect(await reasonOf(directory.checkThere())).toBe('gone');
  });

  it('names the tile that is missing', async () => {
    await expect(new LedgerDirectory(root).readTile(LOG)('tile/0/000')).rejects.toThrow(`${LOG}/tile/0/000: missing`);
    expect(await new LedgerDirectory(root).findTile(LOG, 'tile/0/000')).toBeUndefined();
  });

  it('knows no path but those of logs and tiles', async () => {
    const directory = new LedgerDirectory(root);
    for (const log of ['..', `${LOG}/..`, '', LOG.toUpperCase(), `${LOG}/audit/audit`])
      await expect(directory.findNewest(log)).rejects.toThrow(TypeError);
    await expect(directory.findTile(LOG, '../../secret')).rejects.toThrow('not the path of a tile');
    expect(await directory.findNewest(`${LOG}/audit`)).toBeUndefined();
  });
});

/** A file system of 16 KiB, where this process may mount one. */
const mounted = (options: string, at: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at], { stdio: 'ignore' }).status === 0;
const probe = mkdtempSync(join(tmpdir(), 'sigill-ledger-'));
const mayMount = mounted('size=16k', probe);
if (mayMount) spawnSync('umount', [probe]);
rmSync(probe, { recursive: true });
const withMounts = describeUnless(mayMount ? undefined : 'this process may not mount one');

withMounts('the ledger directory on a disk of its own', () => {
  afterEach(() => spawnSync('umount', [root]));

  it('says that it is full, and is whole again when there is room', async () => {
    expect(mounted('size=64k', root)).toBe(true);
    const filler = join(root, 'filler');
    writeFileSync(filler, Buffer.alloc(40_000));
    const directory = new LedgerDirectory(root);
    const head = await publication(noTiles, 0, 300);
    expect(await reasonOf(directory.publish(LOG, head))).toBe('full');
    expect(await directory.largestCheckpoint(LOG)).toBeUndefined();
    rmSync(filler);
    await directory.publish(LOG, head);
    expect((await directory.largestCheckpoint(LOG))?.size).toBe(300);
    expect([...contents(root).keys()].filter((path) => path.endsWith('.new'))).toEqual([]);
  });

  it('says that it is read-only, and can still be read', async () => {
    expect(mounted('size=256k', root)).toBe(true);
    const directory = new LedgerDirectory(root);
    const head = await publication(noTiles, 0, 5);
    await directory.publish(LOG, head);
    expect(spawnSync('mount', ['-o', 'remount,ro', root]).status).toBe(0);
    const larger = await publication(directory.readTile(LOG), 5, 5);
    expect(await reasonOf(directory.publish(LOG, larger))).toBe('read-only');
    expect((await directory.largestCheckpoint(LOG))?.size).toBe(5);
  });
});

describe('a file system that hangs', () => {
  const held = (): string => join(root, LOG, 'checkpoint');
  /** Opening it waits for a writer, as a file of a network waits for its server. */
  const hang = (): void => {
    mkdirSync(join(root, LOG));
    spawnSync('mkfifo', [held()]);
  };
  const release = (): void => closeSync(openSync(held(), constants.O_RDWR | constants.O_NONBLOCK));

  it('holds up nothing else in the process, and is given up', async () => {
    hang();
    const directory = new LedgerDirectory(root, 50);
    const asked = Array.from({ length: 8 }, () => reasonOf(directory.findNewest(LOG)));
    const other = await Promise.race([stat(root).then(() => 'answered'), setTimeout(2_000, 'held up')]);
    if (other === 'answered') expect(new Set(await Promise.all(asked))).toEqual(new Set(['unavailable']));
    release();
    expect(other).toBe('answered');
  });

  it('is asked again when it answers', async () => {
    hang();
    const directory = new LedgerDirectory(root, 50);
    const given = await Promise.all([directory, directory].map((each) => reasonOf(each.findNewest(LOG))));
    expect(given).toEqual(['unavailable', 'unavailable']);
    expect(await reasonOf(directory.checkThere())).toBe('unavailable');
    release();
    rmSync(held());
    await setTimeout(50);
    expect(await reasonOf(directory.findNewest(LOG))).toBe('none');
  });
});
