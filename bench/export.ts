import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
 * `sigill export --break-glass` of `--consents` signed consents, from a durable PostgreSQL beside it into a file: how many a second, the peak
 * memory of the process, and how long the first and the last thousand take. `--verify` also verifies the file with `sigill verify`.
 * `--signatures` lets only so many of the consents be signed, and the rest carry their signatures: 100,000 are made sooner then.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    consents: { type: 'string', default: '10000' },
    signatures: { type: 'string' },
    verify: { type: 'boolean', default: false },
  },
});

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
  const file = join(folder, 'export.zip');
  const { usage, end } = await run(env, folder, ['export', ...EVERYTHING, '--out', file]);
  const times = await readTimes(database.ownerUrl);
  const verified = values.verify ? await verify(env, folder, file) : {};
  const seconds = (end - times.started) / 1000;
  return {
    consents,
    perSecond: Math.round(consents / seconds),
    rssMb: Math.round(usage.maxRSS / 1000),
    bytes: statSync(file).size,
    secondsPerThousandFirst: times.first,
    secondsPerThousandLast: times.last,
    cpuMsPerConsent: round((usage.userCPUTime + usage.systemCPUTime) / 1000 / consents),
    ...verified,
  };
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
  /** When the process had ended, by the clock that the database shares. */
  readonly end: number;
}

async function run(env: Variables, folder: string, args: readonly string[]): Promise<Run> {
  const usage = join(folder, 'usage.json');
  const reporter = `data:text/javascript,${encodeURIComponent(REPORT_USAGE)}`;
  const child = spawn(process.execPath, ['--import', reporter, CLI, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env, LOG_LEVEL: 'error', USAGE: usage },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const end = Date.now();
  if (code !== 0) throw new Error(`sigill ${args[0] ?? ''} ended with ${String(code)}`);
  return { usage: JSON.parse(readFileSync(usage, 'utf8')) as NodeJS.ResourceUsage, end };
}

interface Times {
  readonly started: number;
  readonly first: number;
  readonly last: number;
}

/** From the audit trail: when the export began, and when each consent was recorded as exported. */
async function readTimes(ownerUrl: string): Promise<Times> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const at = async (type: string): Promise<number[]> => {
    const sql = 'select recorded_at as at from audit_event where type = $1 order by recorded_at';
    return (await client.query<{ at: Date }>(sql, [type])).rows.map(({ at: moment }) => moment.getTime());
  };
  try {
    const [started = 0] = await at('export.started');
    const [completed = 0] = await at('export.completed');
    const exported = await at('evidence.exported');
    const perThousand = (ms: number): number => round(ms / Math.min(1000, exported.length));
    const thousandth = exported[Math.min(1000, exported.length) - 1] ?? 0;
    const lastBegins = exported.at(-Math.min(1000, exported.length)) ?? 0;
    return { started, first: perThousand(thousandth - started), last: perThousand(completed - lastBegins) };
  } finally {
    await client.end();
  }
}

async function verify(env: Variables, folder: string, file: string): Promise<object> {
  const root = env['BANKID_SIGNATURE_ROOT_FILE'] ?? '';
  const begun = Date.now();
  // The chain ends with the provider's root, which issued the authority's certificate too.
  const issuers = env['SEAL_CERTIFICATE_FILE'] ?? '';
  const trust = ['--trust-unpinned', root, '--seal-trust', issuers, '--tsa-trust', issuers];
  const { usage, end } = await run(env, folder, ['verify', file, ...trust, '--jsonl']);
  const perSecond = Math.round((1000 * Number(values.consents)) / (end - begun));
  return { verifiedPerSecond: perSecond, verifyRssMb: Math.round(usage.maxRSS / 1000) };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
