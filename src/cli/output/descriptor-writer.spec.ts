import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DescriptorWriter } from './descriptor-writer.ts';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * n) % 251));

describe('what is written to a descriptor', () => {
  let folder: string;
  let pipe: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigill-pipe-'));
    pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('waits for a slow reader of a pipe that fails while it is full', async () => {
    const fd = openSync(pipe, O_RDWR | O_NONBLOCK);
    const out = new DescriptorWriter(fd, 1024);
    const written = finished(out);
    out.end(Buffer.from(bytes));
    const read: Buffer[] = [];
    for (let size = 0; size < bytes.length;) {
      // The pipe holds 64 KiB, so most of the bytes find it full.
      for (let turn = 0; turn < 100; turn += 1) await nextTurn();
      const part = Buffer.alloc(50_000);
      const length = readAvailable(fd, part);
      read.push(part.subarray(0, length));
      size += length;
    }
    await written;
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    // It is open still.
    expect(fstatSync(fd).isFIFO()).toBe(true);
    closeSync(fd);
  });

  it('is freed as soon as it is written, unless it is a piece of other memory', async () => {
    const fd = openSync(pipe, O_RDWR | O_NONBLOCK);
    const out = new DescriptorWriter(fd, 1024);
    const [own, shared] = [Buffer.from(bytes.subarray(0, 40_000)), Buffer.from(bytes.subarray(0, 50_000))];
    out.write(own);
    out.end(shared.subarray(0, 10_000));
    await finished(out);
    expect([own.length, shared.length]).toEqual([0, 50_000]);
    const read = Buffer.alloc(60_000);
    expect(
      read
        .subarray(0, readAvailable(fd, read))
        .equals(Buffer.concat([bytes.subarray(0, 40_000), bytes.subarray(0, 10_000)])),
    ).toBe(true);
    closeSync(fd);
  });

  it('fails when the reader has gone', async () => {
    const reader = openSync(pipe, O_RDONLY | O_NONBLOCK);
    const fd = openSync(pipe, O_WRONLY | O_NONBLOCK);
    closeSync(reader);
    const out = new DescriptorWriter(fd, 1024);
    const written = finished(out);
    out.end(Buffer.from(bytes));
    await expect(written).rejects.toMatchObject({ code: 'EPIPE' });
    expect(fstatSync(fd).isFIFO()).toBe(true);
    closeSync(fd);
  });
});

/** 0 while the pipe is empty. */
function readAvailable(fd: number, into: Buffer): number {
  try {
    return readSync(fd, into);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
