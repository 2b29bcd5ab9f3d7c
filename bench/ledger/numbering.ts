import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { BEFORE_EVIDENCE, INSERT_EVIDENCE } from './evidence-rows.ts';

const BANK = 'exempelbanken';
const BACKLOG = 40_000;
/** Of the steady load: so many each time. */
const ROWS_A_TICK = 100;
const TICK_MS = 50;

export interface Numbering {
  /** How fast a backlog is numbered. */
  readonly sequencedPerSecond: number;
  /** From the row of the evidence to its number, while 2,000 a second are stored. */
  readonly lagP99Ms: number;
}

/** How fast a running service numbers evidence, as deployed. @param seconds of the steady load */
export async function measureNumbering(ownerUrl: string, seconds: number): Promise<Numbering> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(BEFORE_EVIDENCE);
    const sequencedPerSecond = await numberBacklog(owner);
    return { sequencedPerSecond, lagP99Ms: await lagOf(owner, seconds) };
  } finally {
    await owner.end();
  }
}

async function numberBacklog(owner: pg.Client): Promise<number> {
  await owner.query(INSERT_EVIDENCE, [BANK, BACKLOG]);
  const begun = performance.now();
  await untilNumbered(owner);
  return Math.round((BACKLOG * 1000) / (performance.now() - begun));
}

async function lagOf(owner: pg.Client, seconds: number): Promise<number> {
  const since = new Date();
  for (let tick = 0, begun = performance.now(); tick < (seconds * 1000) / TICK_MS; tick += 1) {
    await owner.query(INSERT_EVIDENCE, [BANK, ROWS_A_TICK]);
    await delay(Math.max(0, begun + (tick + 1) * TICK_MS - performance.now()));
  }
  await untilNumbered(owner);
  const { rows } = await owner.query<{ ms: number }>(
    `select 1000 * percentile_cont(0.99) within group (order by extract(epoch from l.sequenced_at - e.stored_at)) as ms
       from evidence e join ledger_leaf l on l.evidence_id = e.id where e.stored_at >= $1`,
    [since],
  );
  return Math.round(rows[0]?.ms ?? Number.NaN);
}

/** Resolves when no evidence waits for a number. */
export async function untilNumbered(owner: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await owner.query('select from ledger_pending limit 1');
    if (rows.length === 0) return;
    await delay(10);
  }
}
