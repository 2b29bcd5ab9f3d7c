import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { askHelper } from '../helper-process.ts';
import { percentile } from '../percentile.ts';
import type { LoadResult, Command } from './load.ts';

/** How soon what was signed is settled, and how soon the payer's page says so. Milliseconds. */
export interface Latency {
  /** From BankID's answer to the settlement, at the steady load. */
  readonly answeredToSettledP50Ms: number;
  readonly answeredToSettledP99Ms: number;
  /** From the signature to the page that says so, at the steady load. */
  readonly signedToPageP50Ms: number;
  readonly signedToPageP99Ms: number;
  /** Of 150 that were signed at once and collected at once: the last settlement after the last answer was stored. */
  readonly burstSettledAfterMs: number;
}

const BURST = 150;
const TIMEOUT_MS = 60_000;

/** Times of the application's clock: when the answer came, and when its settlement was about to be committed. */
const SETTLED_AFTER = `
  select extract(epoch from settled_at - answered_at)::float8 * 1000 as ms
    from sign_order where requested_at >= $1 and state = 'settled' order by ms`;

const BURST_SETTLED_AFTER = `
  select extract(epoch from max(o.settled_at) - max(a.recorded_at))::float8 * 1000 as ms, count(*)::int as count
    from sign_order o join bankid_answer a on a.order_id = o.id where o.requested_at >= $1 and o.state = 'settled'`;

/** @param perSecond how many payments begin each second */
export async function measureLatency(
  parties: ChildProcess,
  ownerUrl: string,
  load: { readonly perSecond: number; readonly payments: number },
): Promise<Latency> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const ask = (command: Command): Promise<LoadResult> => askHelper<LoadResult>(parties, command);
  const from = new Date();
  try {
    const { signedToPageMs } = await ask(load);
    const settledMs = await settledAfterMs(owner, from);
    return {
      answeredToSettledP50Ms: Math.round(percentile(settledMs, 0.5)),
      answeredToSettledP99Ms: Math.round(percentile(settledMs, 0.99)),
      signedToPageP50Ms: Math.round(percentile(signedToPageMs, 0.5)),
      signedToPageP99Ms: Math.round(percentile(signedToPageMs, 0.99)),
      burstSettledAfterMs: Math.round(await measureBurst(owner, ask)),
    };
  } finally {
    await owner.end();
  }
}

/** Milliseconds from BankID's answer to the settlement, of each order that was requested at `from` or later. */
export async function settledAfterMs(owner: pg.Client, from: Date): Promise<readonly number[]> {
  const { rows } = await owner.query<{ ms: number }>(SETTLED_AFTER, [from]);
  return rows.map(({ ms }) => ms);
}

async function measureBurst(owner: pg.Client, ask: (command: Command) => Promise<LoadResult>): Promise<number> {
  const from = new Date();
  await ask({ open: BURST });
  await holdCollects(owner);
  await ask('sign');
  await owner.query(`update sign_order set next_collect_at = clock_timestamp() where state = 'pending'`);
  await ask('await');
  const deadline = performance.now() + TIMEOUT_MS;
  while (performance.now() < deadline) {
    const { rows } = await owner.query<{ ms: number; count: number }>(BURST_SETTLED_AFTER, [from]);
    if (rows[0]?.count === BURST) return rows[0].ms;
    await delay(100);
  }
  throw new Error('the burst was not settled within a minute');
}

/** So that no answer comes before all are signed: making so many signatures takes the simulator seconds. */
async function holdCollects(owner: pg.Client): Promise<void> {
  let isCollecting = true;
  while (isCollecting) {
    await owner.query(`update sign_order set next_collect_at = clock_timestamp() + interval '1 hour'
                        where state = 'pending' and collect_lease is null`);
    const { rowCount } = await owner.query(
      `select from sign_order where state = 'pending' and next_collect_at < clock_timestamp() + interval '30 minutes'`,
    );
    isCollecting = rowCount !== 0;
  }
}
