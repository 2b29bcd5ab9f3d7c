import { Malformed } from '../malformed.ts';
import { isCount } from './merkle.ts';

/** Hashes, or entries, of a full tile. */
export const TILE_WIDTH = 256;

/** A tile of hashes at a level of the tree, or a bundle of entries. */
export interface Tile {
  /** 0 to 63, from the leaves upwards; each level is eight levels of the tree. */
  readonly level: number | 'entries';
  /** From zero, within the level. */
  readonly index: number;
  /** 1 to 256; fewer than 256 is a partial tile. */
  readonly width: number;
}

const PATH =
  /^tile\/(?<level>0|[1-9][0-9]?|entries)\/(?<index>(?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/(?<width>[1-9][0-9]{0,2}))?$/;

/**
 * Where a log serves a tile, under its prefix: `tile/<L>/<N>[.p/<W>]`, with `entries` for `<L>` where it holds entries.
 * @see C2SP tlog-tiles, *Merkle Tree* and *Log entries*
 */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/[0-9]{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * The tile that a path names, in its only spelling.
 * @throws Malformed
 */
export function parseTilePath(path: string): Tile {
  const { level, index, width } = PATH.exec(path)?.groups ?? {};
  if (level === undefined || index === undefined) throw new Malformed('not the path of a tile');
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const isTile = isCount(tile.index) && (tile.level === 'entries' || tile.level <= 63);
  if (!isTile || tilePath(tile) !== path || tile.width > TILE_WIDTH) throw new Malformed('not the path of a tile');
  return tile;
}

/** The tiles that a tree of `size` leaves has and a tree of `from` leaves has not, from the leaves upwards. */
export function tilesBetween(from: number, size: number): Tile[] {
  if (from >= size) return [];
  const tiles: Tile[] = [...tilesOfLevel('entries', from, size)];
  let [before, after] = [from, size];
  for (let level = 0; after > before; level += 1) {
    tiles.push(...tilesOfLevel(level, before, after));
    [before, after] = [Math.floor(before / TILE_WIDTH), Math.floor(after / TILE_WIDTH)];
  }
  return tiles;
}

function* tilesOfLevel(level: Tile['level'], before: number, after: number): Generator<Tile> {
  for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index += 1)
    yield { level, index, width: Math.min(TILE_WIDTH, after - index * TILE_WIDTH) };
}
