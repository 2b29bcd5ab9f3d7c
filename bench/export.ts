import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startDatabase, type SandboxDatabase } from '../sandbox/database.ts';
import { freePort } from '../sandbox/free-port.ts';
import { prepareService } from '../sandbox/prepare.ts';
import { startSimulatorProcess } from '../sandbox/simulator-process.ts';
import { Undo } from '../sandbox/undo.ts';
import { createContext } from '../src/app.ts';
import { parseClients } from '../src/clients/parse-clients.ts';
import { loadConfigFrom } from '../src/config/load-config.ts';
import { fillConsents } from './export/fill.ts';
import { printResult } from './print-result.ts';

/**
 * An order for the folders of `--consents` signed consents, done by the workers of the service on a durable PostgreSQL beside it: how
 * many a second, the peak memory of the process, its processor time, how long the first and the last thousand take, and how fast COPY writes the same rows
 * in the same run. `--signatures` lets only so many of the consents be signed, and the rest carry their signatures: 100,000 are made
 * sooner then. `--verify` also exports them by `sigill export --break-glass` into a file, and verifies that with `sigill verify`.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    consents: { type: 'string', default: '10000' },
    signatures: { type: 'string' },
    verify: { type: 'boolean', default: false },
  },
});

const ORDER = fileURLToPath(new URL('export/order.js', import.meta.url));
const CLI = fileURLToPath(new URL('../../bin/sigill.js', import.meta.url));
/** A process reports its own usage at its end. */
const REPORT_USAGE = `import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(process.env.USAGE,JSON.stringify(process.resourceUsage())))`;
const EVERYTHING = [
  '--from',
  '2020-01-01',
  '--to',
  '2100-01-01',
  '--break-glass',
  'BENCH/1',
  '--bank',
  'exempelbanken',
];

type Variables = Readonly<Record<string, string>>;

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<object> {
  const consents = Number(values.consents);
  if (values.verify && values.signatures !== undefined)
    throw new Error('--verify needs each consent signed: leave out --signatures');
  const folder = mkdtempSync(join(tmpdir(), 'sigill-bench-'));
  chmodSync(folder, 0o711);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  const { database, env } = await prepare(folder, consents);
  const { usage, seconds, cpuMs, rssBefore, bytes } = await order(env, folder, database.ownerUrl);
  const times = await readTimes(database.ownerUrl);
  const copySeconds = await copyRows(database.ownerUrl);
  const verified = values.verify ? await verify(env, folder) : {};
  return {
    consents,
    consentsPerSecond: Math.round(consents / seconds),
    mbPerSecond: round(bytes / 1_000_000 / seconds),
    ratioToCopy: round(copySeconds / seconds),
    rssBeforeMb: Math.round(rssBefore / 1000),
    rssMb: Math.round(usage.maxRSS / 1000),
    bytes,
    copySeconds: round(copySeconds),
    secondsPerThousandFirst: times.first,
    secondsPerThousandLast: times.last,
    orderCpuMsPerConsent: round(cpuMs / consents),
    cpuMsPerConsent: round((usage.userCPUTime + usage.systemCPUTime) / 1000 / consents),
    ...verified,
  };
}

/** The same rows, without their keys opened and without lists, sums and events: what the disk and PostgreSQL give at most. */
async function copyRows(ownerUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const begun = performance.now();
    await client.query(
      `copy (select e.*, b.answer_sealed, k.wrapped, r.pem, a.authorised_at, v.event
               from authorisation a join evidence e on e.id = a.evidence_id join bankid_answer b on b.order_id = e.order_id
               join data_key k on k.subject = e.subject join signature_root r on r.sha256 = e.root_sha256
               join audit_event v on v.subject = e.subject and v.seq = 1
              order by a.authorised_at, a.evidence_id)
         to '${rows[0]?.data_directory ?? ''}/copy.bin' (format binary)`,
    );
    return (performance.now() - begun) / 1000;
  } finally {
    await client.end();
  }
}

interface Ordered {
  readonly usage: NodeJS.ResourceUsage;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly rssBefore: number;
  readonly bytes: number;
}

async function order(env: Variables, folder: string, ownerUrl: string): Promise<Ordered> {
  const { usage, stdout } = await run(env, folder, [ORDER, ownerUrl]);
  const { seconds, cpuMs, rssBefore, state, result } = JSON.parse(stdout) as Omit<Ordered, 'usage' | 'bytes'> & {
    readonly state: string;
    readonly result: { readonly size: number } | null;
  };
  if (state !== 'ready' || !result) throw new Error(`the order is ${state}`);
  return { usage, seconds, cpuMs, rssBefore, bytes: result.size };
}

async function prepare(folder: string, consents: number): Promise<{ database: SandboxDatabase; env: Variables }> {
  const database = await startDatabase(join(folder, 'postgres'), folder);
  undo.later(() => database.stop());
  const pkiFolder = join(folder, 'pki');
  const simulator = await startSimulatorProcess(pkiFolder, { rp: 0, app: 0 });
  undo.later(() => simulator.stop());
  const { env } = await prepareService({
    folder: join(folder, 'service'),
    port: await freePort(),
    metricsPort: await freePort(),
    databaseUrl: database.serviceUrl,
    redirectUris: ['http://localhost:3003/callback'],
    simulator: simulator.facts,
  });
  const signatures = Number(values.signatures ?? consents);
  const service = await createContext({ config: loadConfigFrom(env, parseClients) });
  try {
    await fillConsents({ service, ownerUrl: database.ownerUrl, pkiFolder, consents, signatures });
  } finally {
    await service.close();
  }
  return { database, env };
}

interface Run {
  readonly usage: NodeJS.ResourceUsage;
  readonly stdout: string;
}

async function run(env: Variables, folder: string, args: readonly string[]): Promise<Run> {
  const usage = join(folder, 'usage.json');
  const reporter = `data:text/javascript,${encodeURIComponent(REPORT_USAGE)}`;
  const child = spawn(process.execPath, ['--import', reporter, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env, LOG_LEVEL: 'error', USAGE: usage },
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`${basename(args[0] ?? '')} ended with ${String(code)}`);
  return { usage: JSON.parse(readFileSync(usage, 'utf8')) as NodeJS.ResourceUsage, stdout };
}

interface Times {
  readonly first: number;
  readonly last: number;
}

/** From the audit trail: when each consent was recorded as exported. */
async function readTimes(ownerUrl: string): Promise<Times> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const at = async (type: string): Promise<number[]> => {
    const sql = 'select recorded_at as at from audit_event where type = $1 order by recorded_at';
    return (await client.query<{ at: Date }>(sql, [type])).rows.map(({ at: moment }) => moment.getTime());
  };
  try {
    const [completed = 0] = await at('export.ready');
    const exported = await at('evidence.exported');
    const perThousand = (ms: number): number => round(ms / Math.min(1000, exported.length));
    const thousandth = exported[Math.min(1000, exported.length) - 1] ?? 0;
    const lastBegins = exported.at(-Math.min(1000, exported.length)) ?? 0;
    return { first: perThousand(thousandth - (exported[0] ?? 0)), last: perThousand(completed - lastBegins) };
  } finally {
    await client.end();
  }
}

async function verify(env: Variables, folder: string): Promise<object> {
  const file = join(folder, 'export.zip');
  await run(env, folder, [CLI, 'export', ...EVERYTHING, '--out', file]);
  const root = env['BANKID_SIGNATURE_ROOT_FILE'] ?? '';
  const begun = Date.now();
  // The chain ends with the provider's root, which issued the authority's certificate too.
  const issuers = env['SEAL_CERTIFICATE_FILE'] ?? '';
  const trust = ['--trust-unpinned', root, '--seal-trust', issuers, '--tsa-trust', issuers];
  const { usage } = await run(env, folder, [CLI, 'verify', file, ...trust, '--jsonl']);
  const perSecond = Math.round((1000 * Number(values.consents)) / (Date.now() - begun));
  return { verifiedPerSecond: perSecond, verifyRssMb: Math.round(usage.maxRSS / 1000) };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
