import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countStatements } from '../sandbox/statements.ts';
import { Undo } from '../sandbox/undo.ts';
import { partiesArguments } from './chain/start-parties.ts';
import { askHelper, startHelper } from './helper-process.ts';
import type { Arrived, PayersCommand, Watched } from './payer/commands.ts';
import { percentile } from './percentile.ts';
import { printResult } from './print-result.ts';
import { postgresCpuMs, processCpuMs } from './processor-time.ts';
import { prepare, startServiceWithLog } from './service/prepare.ts';

/**
 * How one instance bears many payers in front of a QR code that is not scanned. Each loads the first page with its files, presses, and from
 * then on asks for the frame of each second, as the page's script does, while a status request waits for news. BankID's orders run out
 * after 30 seconds as in reality, and are renewed. The payers are a process of their own; the service is as it is deployed, and logs
 * each request.
 * - `frameP99Ms`: of a frame, from when it was due until it was read.
 * - `dropped`: frames that did not come within their second, or were an earlier second's.
 * - `firstByteP50Ms`: of each payer's first page, while those who came before watch.
 * - `cpu` and `postgresCpu`: processors in use while all watch.
 * - `bytesFirstPage`: page, style sheet, script and pictures, uncompressed.
 * - `statementsPerFrame`: those of the frames' route.
 * The bar: no frame dropped, at most one processor for the service, and a first page below 40,000 bytes; a run that misses it exits
 * with 1.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    payers: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '45' },
  },
});

const ARRIVALS_PER_SECOND = 25;
/** A service that has just started compiles its code while it answers. */
const WARM_UP_SECONDS = 10;
const MAX_CPU = 1;
const MAX_BYTES = 40_000;
const FRAMES = 'GET /pay/:interaction/qr';

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<object> {
  const [payers, seconds] = [Number(values.payers), Number(values.seconds)];
  const prepared = await prepare(undo);
  const service = await startServiceWithLog(prepared, undo);
  const helper = await startHelper('payer/payers-process', partiesArguments(prepared), undo);
  const tell = <T>(command: PayersCommand): Promise<T> => askHelper<T>(helper, command);
  const arrived = await tell<Arrived>({ do: 'arrive', count: payers, perSecond: ARRIVALS_PER_SECOND });
  await delay(WARM_UP_SECONDS * 1000);

  const pid = service.pid ?? 0;
  const [statements, begun] = [await countStatements(prepared.metricsUrl, FRAMES), performance.now()];
  const [cpu, postgresCpu] = [processCpuMs(pid), postgresCpuMs(prepared.database.pid)];
  const watched = await tell<Watched>({ do: 'watch', seconds });
  const elapsedMs = performance.now() - begun;
  const frames = watched.framesMs.length;
  const sent = (await countStatements(prepared.metricsUrl, FRAMES)) - statements;
  const result = {
    payers,
    frameP50Ms: round(percentile(watched.framesMs, 0.5), 10),
    frameP99Ms: round(percentile(watched.framesMs, 0.99), 10),
    framesPerSecond: Math.round((frames / elapsedMs) * 1000),
    dropped: watched.dropped,
    refused: watched.refused,
    lost: watched.lost,
    statusAnswersPerSecond: round((watched.statusAnswers / elapsedMs) * 1000, 10),
    firstByteP50Ms: round(percentile(arrived.firstBytesMs, 0.5), 10),
    cpu: round((processCpuMs(pid) - cpu) / elapsedMs, 100),
    postgresCpu: round((postgresCpuMs(prepared.database.pid) - postgresCpu) / elapsedMs, 100),
    rssMb: residentMb(pid),
    bytesFirstPage: arrived.bytesFirstPage,
    statementsPerFrame: round(sent / frames, 100),
  };
  const isSeen = result.dropped === 0 && Object.keys(result.lost).length === 0;
  const isMet = isSeen && result.cpu <= MAX_CPU && result.bytesFirstPage < MAX_BYTES;
  if (!isMet) process.exitCode = 1;
  return result;
}

/** @see proc_pid_status(5) */
function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1000);
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
