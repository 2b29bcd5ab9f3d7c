import type { ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Undo } from '../sandbox/undo.ts';
import { settledAfterMs } from './chain/latency.ts';
import type { LoadResult, Load } from './chain/load.ts';
import { startParties } from './chain/start-parties.ts';
import { askHelper } from './helper-process.ts';
import { fillHistory } from './history.ts';
import { percentile } from './percentile.ts';
import { printResult } from './print-result.ts';
import { postgresCpuMs } from './processor-time.ts';
import { timeSweeps } from './scale/sweeps.ts';
import { prepare, startService, type Prepared } from './service/prepare.ts';

/**
 * Does the service become slower with its history? The same whole payments on a nearly empty database and on one with many payments
 * of yesterday (history.ts). Each figure is printed for both, with the ratio of the long history to the short one. Times are medians in
 * milliseconds as the parties see them, by method and path. `POST /pay/…/start/this` holds BankID's answer to the
 * order, and `GET /pay/…/status` waits for the payer: of both, what the database adds is a small part.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    history: { type: 'string', default: '1000000' },
    payments: { type: 'string', default: '400' },
    'in-flight': { type: 'string', default: '32' },
  },
});

/** A service that has just started compiles its code while it answers, and PostgreSQL reads a large table for the first time. */
const WARM_UP = 100;

type Figures = Readonly<Record<string, number>>;

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<object> {
  const work = { payments: Number(values.payments), inFlight: Number(values['in-flight']) };
  const prepared = await prepare(undo);
  const service = new Undo();
  undo.later(() => service.all());
  await startService(prepared, service);
  const parties = await startParties(prepared, undo);
  const short = await figuresOf(prepared, parties, work);
  await fillHistory(prepared.database.ownerUrl, Number(values.history));
  const long = await figuresOf(prepared, parties, work);
  const pairs = Object.entries(short).map(([name, before]) => {
    const after = long[name] ?? Number.NaN;
    return [name, { short: rounded(before), long: rounded(after), ratio: rounded(after / before) }] as const;
  });
  return { history: Number(values.history), figures: Object.fromEntries(pairs) };
}

async function figuresOf({ database }: Prepared, parties: ChildProcess, work: Load): Promise<Figures> {
  await askHelper<LoadResult>(parties, { ...work, payments: WARM_UP });
  const since = new Date();
  const before = postgresCpuMs(database.pid);
  const { routes, seconds } = await askHelper<LoadResult>(parties, work);
  const postgres = (postgresCpuMs(database.pid) - before) / work.payments;
  const times = routes.map(([route, timesMs]) => [route, percentile(timesMs, 0.5)] as const);
  return {
    paymentsPerSecond: work.payments / seconds,
    postgresCpuMsPerPayment: postgres,
    answeredToSettledMs: percentile(await settledSince(database.ownerUrl, since), 0.5),
    ...Object.fromEntries(times),
    ...Object.fromEntries(await timeSweeps(database.serviceUrl)),
  };
}

async function settledSince(ownerUrl: string, since: Date): Promise<readonly number[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    return await settledAfterMs(owner, since);
  } finally {
    await owner.end();
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
