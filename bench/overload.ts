import { execFileSync, type ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Undo } from '../sandbox/undo.ts';
import type { Flooded, GeneratorCommand, Probed, Recovered, Sustained } from './overload/commands.ts';
import { askHelper, startHelper } from './helper-process.ts';
import { prepare, startService } from './service/prepare.ts';

/**
 * Ten times as many valid token requests a second as the same run sustains at 8 in flight, sent without waiting for answers: how many
 * are accepted and how many shed, how long the liveness probe takes meanwhile, and how soon a request takes no more than twice as long
 * as before. Generator and probe are processes of their own, with their connections open. The bar: liveP99Ms less probeLagP99Ms (how
 * late the probe's own timer is at the same time) below 250, recoveryMs below 5,000; a run that misses it exits with 1.
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '6' } },
});

const TIMES = 10;
const WARM_UP = 2_000;
const SUSTAINED = 2_000;
const RECOVERY_STOCK = 10_000;
const RECOVERY_TIMEOUT_MS = 20_000;
const MAX_LIVE_MS = 250;
const MAX_RECOVERY_MS = 5_000;

interface Result {
  readonly offered: number;
  readonly accepted: number;
  readonly shed: number;
  readonly liveP99Ms: number;
  readonly liveNewConnectionMaxMs: number;
  readonly probeLagP99Ms: number;
  readonly recoveryMs: number;
  readonly rssMb: number;
}

const undo = new Undo();
try {
  const result = await measure();
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
  const isMet = result.liveP99Ms - result.probeLagP99Ms < MAX_LIVE_MS && result.recoveryMs < MAX_RECOVERY_MS;
  if (!isMet) process.exitCode = 1;
} finally {
  await undo.all();
}

async function measure(): Promise<Result> {
  const prepared = await prepare(undo);
  const service = await startService(prepared, undo);
  const { issuer, clients } = prepared;
  const client = JSON.stringify({ id: clients.tpp.id, privateJwk: clients.tpp.privateJwk });
  const generator = await startHelper('overload/generator-process', ['--issuer', issuer, '--client', client], undo);
  const probe = await startHelper('overload/probe-process', ['--issuer', issuer], undo);
  const generate = <T>(command: GeneratorCommand): Promise<T> => askHelper<T>(generator, command);
  await generate<Sustained>({ do: 'sustain', count: WARM_UP });
  const before = await generate<Sustained>({ do: 'sustain', count: SUSTAINED });
  const [perSecond, seconds] = [before.perSecond * TIMES, Number(values.seconds)];
  await generate({ do: 'sign', count: Math.ceil(perSecond * seconds) + RECOVERY_STOCK });
  await askHelper<object>(probe, 'start');
  const peakRssMb = watchRss(service);
  const flooded = await generate<Flooded>({ do: 'flood', perSecond, seconds });
  const probed = await askHelper<Probed>(probe, 'stop');
  const { recoveryMs } = await generate<Recovered>({
    do: 'recover',
    p50Ms: before.p50Ms,
    timeoutMs: RECOVERY_TIMEOUT_MS,
  });
  if (Object.keys(flooded.others).length > 0) process.stderr.write(`others: ${JSON.stringify(flooded.others)}\n`);
  return {
    offered: flooded.offered,
    accepted: flooded.accepted,
    shed: flooded.shed,
    liveP99Ms: Math.round(probed.liveP99Ms),
    liveNewConnectionMaxMs: Math.round(probed.liveNewConnectionMaxMs),
    probeLagP99Ms: Math.round(probed.lagP99Ms),
    recoveryMs,
    rssMb: peakRssMb(),
  };
}

/** Samples the memory of the process once a second. The function that it returns ends that, and gives the peak in MB. */
function watchRss({ pid }: ChildProcess): () => number {
  let peak = 0;
  const sample = (): void => {
    const kb = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
    peak = Math.max(peak, Math.round(kb / 1000));
  };
  const timer = setInterval(sample, 1000);
  return () => {
    clearInterval(timer);
    sample();
    return peak;
  };
}
