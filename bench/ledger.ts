import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Undo } from '../sandbox/undo.ts';
import { createContext } from '../src/app.ts';
import { parseClients } from '../src/clients/parse-clients.ts';
import { loadConfigFrom } from '../src/config/load-config.ts';
import { fillConsents } from './export/fill.ts';
import { measureSlowdown, type Slowdown } from './ledger/authorising.ts';
import { measureBundles } from './ledger/bundles.ts';
import { measureGrownLog, type LogFigures } from './ledger/grown-log.ts';
import { measureNumbering, type Numbering } from './ledger/numbering.ts';
import { printResult } from './print-result.ts';
import { prepare, startService, type Prepared } from './service/prepare.ts';

/**
 * The ledger: how fast evidence is numbered and how long it waits, what the authorising transaction pays for it, and whether heads and
 * proofs cost the same in a log of `--large` leaves as in one of `--small`; how many bundles a second are sealed. Times are medians in
 * milliseconds, `headMs` and `proofMs` those of the large log, and `ratio` is large to small.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '10000000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '100' },
    bundles: { type: 'string', default: '200' },
  },
});

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<object> {
  const made = await prepare(undo);
  const prepared = { ...made, env: { ...made.env, LOG_LEVEL: 'error' } };
  const { numbering, bundlesPerSecond } = await measureService(prepared);
  const slowdown = await measureAuthorising(prepared);
  const { small, large } = await measureLogs(prepared);
  return {
    ...numbering,
    ...slowdown,
    headMs: rounded(large.headMs),
    proofMs: rounded(large.proofMs),
    bundlesPerSecond,
    ratio: { head: rounded(large.headMs / small.headMs), proof: rounded(large.proofMs / small.proofMs) },
  };
}

/** Of the service as it is deployed, in a process of its own. */
async function measureService(
  prepared: Prepared,
): Promise<{ readonly numbering: Numbering; readonly bundlesPerSecond: number }> {
  const service = new Undo();
  try {
    await fill(prepared, Number(values.bundles));
    await startService(prepared, service);
    progress('bundles');
    const bundlesPerSecond = await measureBundles(prepared);
    progress('numbering');
    const numbering = await measureNumbering(prepared.database.ownerUrl, Number(values.seconds));
    return { numbering, bundlesPerSecond };
  } finally {
    await service.all();
  }
}

async function fill({ env, folder, database }: Prepared, consents: number): Promise<void> {
  const service = await createContext({ config: loadConfigFrom(env, parseClients) });
  try {
    const pkiFolder = join(folder, 'pki');
    await fillConsents({ service, ownerUrl: database.ownerUrl, pkiFolder, consents, signatures: consents });
  } finally {
    await service.close();
  }
}

async function measureAuthorising(prepared: Prepared): Promise<Slowdown> {
  progress('authorising');
  // Heads as often as in production; the sandbox signs them every two seconds.
  const asDeployed = { ...prepared, env: { ...prepared.env, LEDGER_HEAD_SECONDS: '60' } };
  const service = new Undo();
  try {
    return await measureSlowdown(asDeployed, Number(values.rounds), service);
  } finally {
    await service.all();
  }
}

async function measureLogs(prepared: Prepared): Promise<{ readonly small: LogFigures; readonly large: LogFigures }> {
  const { env, database } = prepared;
  const app = await createContext({ config: loadConfigFrom(env, parseClients) });
  try {
    const figuresOf = (size: string): Promise<LogFigures> => {
      progress(`a log of ${size} leaves`);
      return measureGrownLog(app, database.ownerUrl, env['LEDGER_DIRECTORY'] ?? '', Number(size));
    };
    return { small: await figuresOf(values.small), large: await figuresOf(values.large) };
  } finally {
    await app.close();
  }
}

function progress(what: string): void {
  process.stderr.write(`${what}\n`);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
