import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Malformed } from '../../../crypto/malformed.ts';
import { tileReader } from './tile-reader.ts';

const LOG = 'a2b3c4d5e6f7'.repeat(2) + 'ab';
const ORIGIN = `sigill.example/ledger/${LOG}`;
const TILE = 'tile/0/000.p/4';

describe('tiles over HTTP', () => {
  const { fetch } = globalThis;
  let asked: string[] = [];
  const answer = (body: Uint8Array<ArrayBuffer> | null, status = 200): void => {
    globalThis.fetch = (url, options) => {
      asked.push(`${typeof url === 'string' ? url : ''} ${options?.redirect ?? ''}`);
      return Promise.resolve(new Response(body, { status }));
    };
  };
  beforeEach(() => (asked = []));
  afterAll(() => {
    globalThis.fetch = fetch;
  });

  it.each(['https://sigill.example/ledger', `https://sigill.example/ledger/${LOG}/`])(
    'are read from the log of the origin, whether %s is its own address or that of all logs, and without redirects',
    async (place) => {
      answer(new Uint8Array(128));
      expect(await tileReader(place, ORIGIN)(TILE)).toHaveLength(128);
      expect(asked).toEqual([`https://sigill.example/ledger/${LOG}/${TILE} error`]);
    },
  );

  it('are refused where they are too large, or are not there', async () => {
    const read = tileReader('https://sigill.example/ledger', ORIGIN);
    answer(new Uint8Array(8193));
    await expect(read(TILE)).rejects.toThrow(RangeError);
    answer(null, 404);
    await expect(read(TILE)).rejects.toThrow('404');
  });

  it('are asked for by the paths of tiles only', () => {
    const read = tileReader('https://sigill.example/ledger', ORIGIN);
    expect(() => read('../../admin')).toThrow(Malformed);
    expect(asked).toEqual([]);
  });
});

describe('tiles in a directory', () => {
  const root = mkdtempSync(join(tmpdir(), 'sigill-tiles-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('are read from the log of the origin, whether it is its own directory or that of all logs', async () => {
    mkdirSync(join(root, LOG, 'tile/0/000.p'), { recursive: true });
    writeFileSync(join(root, LOG, TILE), 'four hashes');
    for (const place of [root, join(root, LOG)]) {
      expect(Buffer.from(await tileReader(place, ORIGIN)(TILE)).toString()).toBe('four hashes');
    }
  });
});
