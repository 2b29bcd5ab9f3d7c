import type { ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import { countStatements } from '../sandbox/statements.ts';
import { Undo } from '../sandbox/undo.ts';
import { measureCeiling } from './chain/ceiling.ts';
import { measureLatency } from './chain/latency.ts';
import type { LoadResult, Load } from './chain/load.ts';
import { Wal } from './chain/wal.ts';
import { startParties } from './chain/start-parties.ts';
import { askHelper } from './helper-process.ts';
import { percentile } from './percentile.ts';
import { postgresCpuMs, processCpuMs } from './processor-time.ts';
import { printResult } from './print-result.ts';
import { prepare, startService, type Prepared } from './service/prepare.ts';

/**
 * What a whole payment costs: push, redirect, the payer's page, the press, the order at the BankID simulator, its signature, collect,
 * verification, evidence and settlement, the browser's return, token, introspection, and consumption by the bank. Service, simulator,
 * a durable PostgreSQL and the parties (TPP, browser, app, bank) are processes on this one machine; the service is as it is deployed.
 * - Payer and simulator answer at once. What takes time is the two seconds between two collects, which BankID prescribes: with few
 *   payments in flight they decide `perSecond`, `p50Ms` and `p99Ms`.
 * - `cpuMs` is the user and system time of each process, the workers' idle rounds included.
 * - `statements` are those of requests, collects and settlements (BEGIN and COMMIT included), by the service's own count. The rounds in
 *   which the workers look for what is due are left out, as they depend on the time alone.
 * - `commits` are those that wait for the disk: see chain/wal.ts.
 * - `diskBytes` is what a payment leaves in the database (tables and indexes) once dead rows are gone; `walBytes` what it writes to the
 *   WAL, with the images of whole pages that follow a checkpoint: there is one before the run.
 * - `answeredToSettled…Ms` and `signedToPage…Ms` are measured at half of the load that was reached, where payments begin at fixed times
 *   and payers think for up to two seconds; `burstSettledAfterMs` with 150 payers who sign at once: see chain/latency.ts.
 * - `ceilingPerSecond` replays the commits of one recorded payment on the same PostgreSQL, at the same concurrency, after service and
 *   simulator have ended: see chain/ceiling.ts.
 * Not measured: style sheet and script of the page, which a browser caches, and TLS in front of the service. The bank uses one access
 * token for the whole run.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    flows: { type: 'string', default: '500' },
    'in-flight': { type: 'string', default: '50' },
  },
});

/** A service that has just started compiles its code while it answers. */
const WARM_UP = 150;
/** Of so many payments, each alone, the one with the median number of commits counts: a worker's round may coincide with one. */
const RECORDED = 3;
const CEILING_SECONDS = 5;
/** For how long half of the load goes on. */
const STEADY_SECONDS = 20;

interface Chain {
  readonly prepared: Prepared;
  readonly service: ChildProcess;
  readonly parties: ChildProcess;
  readonly wal: Wal;
}

interface Usage {
  readonly service: number;
  readonly postgres: number;
  readonly simulator: number;
  readonly parties: number;
  readonly statements: number;
}

interface Costs {
  readonly cpuMs: Omit<Usage, 'statements'>;
  readonly statements: number;
  readonly commits: number;
  readonly diskBytes: number;
  readonly walBytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<object> {
  const load = { payments: Number(values.flows), inFlight: Number(values['in-flight']) };
  const made = await prepare(undo);
  // Heads as often as in production; the sandbox signs them every two seconds.
  const prepared = { ...made, env: { ...made.env, LEDGER_HEAD_SECONDS: '60' } };
  const running = new Undo();
  undo.later(() => running.all());
  const chain = await start(prepared, running);
  await askHelper<LoadResult>(chain.parties, { ...load, payments: WARM_UP });
  const commits = await recordPayment(chain);
  const figures = await measureChain(chain, load);
  const half = figures.perSecond / 2;
  const steady = { perSecond: half, payments: Math.ceil(half * STEADY_SECONDS) };
  const latency = await measureLatency(chain.parties, prepared.database.ownerUrl, steady);
  await running.all();
  await prepared.simulator.stop();
  const settings = { inFlight: load.inFlight, seconds: CEILING_SECONDS };
  const ceilingPerSecond = await measureCeiling(prepared.database.serviceUrl, commits, settings);
  const { perSecond, ...costs } = figures;
  return {
    perSecond: rounded(perSecond),
    ceilingPerSecond: rounded(ceilingPerSecond),
    ratioToCeiling: Math.round((perSecond / ceilingPerSecond) * 1000) / 1000,
    ...costs,
    ...latency,
  };
}

async function start(prepared: Prepared, running: Undo): Promise<Chain> {
  const service = await startService(prepared, running);
  const parties = await startParties(prepared, running);
  const wal = await Wal.open(prepared.database.ownerUrl);
  running.later(() => wal.close());
  return { prepared, service, parties, wal };
}

async function recordPayment({ parties, wal }: Chain): Promise<readonly number[]> {
  const recorded: (readonly number[])[] = [];
  while (recorded.length < RECORDED) {
    const from = await wal.mark();
    await askHelper<LoadResult>(parties, { payments: 1, inFlight: 1 });
    recorded.push(await wal.findCommits(from, await wal.mark()));
  }
  return recorded.sort((a, b) => a.length - b.length)[Math.floor(RECORDED / 2)] ?? [];
}

async function measureChain(chain: Chain, load: Load): Promise<Costs & { readonly perSecond: number }> {
  const sizeBefore = await chain.wal.databaseBytes();
  const from = await chain.wal.mark();
  const before = await usage(chain);
  const { seconds, latenciesMs } = await askHelper<LoadResult>(chain.parties, load);
  const after = await usage(chain);
  const to = await chain.wal.mark();
  const commits = await chain.wal.findCommits(from, to);
  const grown = (await chain.wal.databaseBytes()) - sizeBefore;
  const each = (name: keyof Usage): number => rounded((after[name] - before[name]) / load.payments);
  return {
    perSecond: load.payments / seconds,
    cpuMs: {
      service: each('service'),
      postgres: each('postgres'),
      simulator: each('simulator'),
      parties: each('parties'),
    },
    statements: each('statements'),
    commits: rounded(commits.length / load.payments),
    diskBytes: Math.round(grown / load.payments),
    walBytes: Math.round((await chain.wal.countBytes(from, to)) / load.payments),
    p50Ms: Math.round(percentile(latenciesMs, 0.5)),
    p99Ms: Math.round(percentile(latenciesMs, 0.99)),
  };
}

async function usage({ prepared, service, parties }: Chain): Promise<Usage> {
  return {
    statements: await countStatements(prepared.metricsUrl),
    service: processCpuMs(service.pid ?? 0),
    postgres: postgresCpuMs(prepared.database.pid),
    simulator: processCpuMs(prepared.simulator.pid),
    parties: processCpuMs(parties.pid ?? 0),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
