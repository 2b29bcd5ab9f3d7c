import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTilePath } from '../../../crypto/tlog/tile-path.ts';
import type { ReadTile } from '../../../crypto/tlog/tiles.ts';
import { SECOND_MS } from '../../../kernel/clock.ts';

const ANSWER_MS = 10 * SECOND_MS;
/** A full tile has 256 hashes of 32 octets. */
const TILE_BYTES = 8192;
/** The last parts of an origin as Sigill names its logs. */
const LOG = /\/([a-z2-7]{26}(?:\/audit)?)$/;

/** By which the tiles of a log are found in the place that `--ledger` names. */
export function tileReaders(place: string | undefined): ((origin: string) => ReadTile) | undefined {
  return place === undefined ? undefined : (origin) => tileReader(place, origin);
}

/**
 * Reads tiles of the log of this origin.
 * @param place the log's own directory or URL, or a directory or URL with the logs of an installation below it
 * @see C2SP tlog-tiles
 */
export function tileReader(place: string, origin: string): ReadTile {
  const read = /^https?:\/\//.test(place) ? overHttp(urlOf(place, origin)) : fromDirectory(directoryOf(place, origin));
  return (path) => {
    parseTilePath(path);
    return read(path);
  };
}

function fromDirectory(directory: string): ReadTile {
  return (path) => readFile(join(directory, path));
}

function overHttp(base: string): ReadTile {
  return async (path) => {
    const answer = await fetch(`${base}/${path}`, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'error' });
    if (!answer.ok) throw new Error(`the ledger answers ${answer.status}`);
    return readAtMost(answer, TILE_BYTES);
  };
}

async function readAtMost({ body }: Response, limit: number): Promise<Uint8Array> {
  const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of parts) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) throw new RangeError('a tile that is too large');
  }
  return Buffer.concat(chunks);
}

function directoryOf(place: string, origin: string): string {
  const [, log] = LOG.exec(origin) ?? [];
  return existsSync(join(place, 'tile')) || log === undefined ? place : join(place, log);
}

function urlOf(place: string, origin: string): string {
  const base = place.replace(/\/+$/, '');
  const [, log] = LOG.exec(origin) ?? [];
  return log === undefined || base.endsWith(`/${log}`) ? base : `${base}/${log}`;
}
