import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { leafHash, nodeHash } from '../../src/crypto/tlog/merkle.ts';
import { parseTilePath } from '../../src/crypto/tlog/tile-path.ts';
import { inclusionProof, newTiles, rootOf, type ReadTile } from '../../src/crypto/tlog/tiles.ts';
import { HeadSigner } from '../../src/ledger/heads/head-signer.ts';
import { Heads } from '../../src/ledger/heads/heads.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerLog } from '../../src/ledger/log/ledger-log.ts';
import { LedgerLogs } from '../../src/ledger/log/ledger-logs.ts';
import { LedgerDirectory } from '../../src/ledger/outside/ledger-directory.ts';
import { Sequencer } from '../../src/ledger/sequencer/sequencer.ts';
import { percentile } from '../percentile.ts';
import { BEFORE_EVIDENCE, INSERT_EVIDENCE } from './evidence-rows.ts';

/** What a minute brings, of one evidence a second. */
const LEAVES_A_HEAD = 60;
const HEADS = 30;
const PROOFS = 100;
/** Of the leaves of a log that is larger, these newest ones and those that are proved are in the database. */
const MAX_ROWS = 1_000_000;

export interface LogFigures {
  readonly headMs: number;
  readonly proofMs: number;
}

/**
 * Medians of a head and of a proof, in a log that has grown to `size`. All its leaves are alike, so that any of its tiles is known
 * without hashing them all, and only those that are read are in the folder.
 */
export async function measureGrownLog(
  app: INestApplicationContext,
  ownerUrl: string,
  folder: string,
  size: number,
): Promise<LogFigures> {
  const log = await get(app, LedgerLogs).openLog(`bench-${size}`, 'evidence');
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`${BEFORE_EVIDENCE}; set synchronous_commit = off`);
    const indexes = Array.from({ length: PROOFS }, (_, at) => Math.floor((at * (size - 1)) / (PROOFS - 1)));
    await insertLeaves(owner, log, size, indexes);
    await writeTree(app, owner, join(folder, log.folder), log, size, indexes);
    return { headMs: await timeHeads(app, owner, log), proofMs: await timeProofs(app, log, size, indexes) };
  } finally {
    await owner.end();
  }
}

const ENTRY = Buffer.alloc(32, 1);

/** The evidence of leaf `n` of a log: in sequence, so that filling an index costs little. */
const idOf = (size: number, n: number): string => `${hex(size, 8)}-0000-4000-8000-${hex(n, 12)}`;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

async function insertLeaves(
  owner: pg.Client,
  { bank }: LedgerLog,
  size: number,
  indexes: readonly number[],
): Promise<void> {
  const newest = Math.max(1, size - MAX_ROWS + 1);
  const proved = indexes.map((index) => index + 1).filter((number) => number < newest);
  await owner.query('alter table ledger_leaf disable trigger ledger_leaf_follows');
  await owner.query(
    `insert into ledger_leaf (bank, number, kind, evidence_id, digest)
     select $1, n, 'evidence', ($2 || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $3
       from (select generate_series($4::bigint, $5::bigint) union all select unnest($6::bigint[])) as numbers (n)`,
    [bank, hex(size, 8), ENTRY, newest, size, proved],
  );
  await owner.query('alter table ledger_leaf enable always trigger ledger_leaf_follows');
  await owner.query('analyze ledger_leaf');
}

/** Writes the tiles that heads and these proofs read, and the signed head. */
async function writeTree(
  app: INestApplicationContext,
  owner: pg.Client,
  folder: string,
  log: LedgerLog,
  size: number,
  indexes: readonly number[],
): Promise<void> {
  const readTile: ReadTile = (path) => {
    const bytes = tileOf(path);
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, bytes);
    return Promise.resolve(bytes);
  };
  const root = await rootOf(readTile, size);
  await newTiles(readTile, size, [ENTRY]);
  for (const index of indexes) await inclusionProof(readTile, index, size);
  const note = await get(app, HeadSigner).sign({ origin: log.origin, size, root });
  const row = [log.bank, log.kind, size, root, note];
  await owner.query('insert into checkpoint (bank, kind, size, root, note) values ($1, $2, $3, $4, $5)', row);
  await get(app, LedgerDirectory).publish(log.folder, { tiles: [], note });
}

async function timeHeads(app: INestApplicationContext, owner: pg.Client, log: LedgerLog): Promise<number> {
  const times: number[] = [];
  for (let head = 0; head < HEADS; head += 1) {
    await owner.query(INSERT_EVIDENCE, [log.bank, LEAVES_A_HEAD]);
    await get(app, Sequencer).runOnce();
    const begun = performance.now();
    const added = await get(app, Heads).advance(log, 0);
    times.push(performance.now() - begun);
    if (added !== LEAVES_A_HEAD) throw new Error(`a head added ${added} leaves`);
  }
  return percentile(times, 0.5);
}

async function timeProofs(
  app: INestApplicationContext,
  { bank }: LedgerLog,
  size: number,
  indexes: readonly number[],
): Promise<number> {
  const times: number[] = [];
  for (const index of indexes) {
    const begun = performance.now();
    const covered = await get(app, Ledger).findCovered(bank, idOf(size, index + 1));
    times.push(performance.now() - begun);
    if (covered === 'not-yet' || covered.size !== size) throw new Error(`leaf ${index} has no proof`);
  }
  return percentile(times, 0.5);
}

function get<T>(app: INestApplicationContext, type: abstract new (...args: never[]) => T): T {
  return app.get<T>(type, { strict: false });
}

/** Any tile of a tree whose leaves are alike. */
function tileOf(path: string): Buffer {
  const { level, width } = parseTilePath(path);
  if (level === 'entries')
    return Buffer.concat(Array.from({ length: width }, () => [Buffer.from([0, 32]), ENTRY]).flat());
  let hash: Buffer = leafHash(ENTRY);
  for (let height = 0; height < level * 8; height += 1) hash = nodeHash(hash, hash);
  return Buffer.concat(Array.from({ length: width }, () => hash));
}
