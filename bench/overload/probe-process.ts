import { parseArgs } from 'node:util';
import { Agent, Pool, type Dispatcher } from 'undici';
import { percentile } from '../percentile.ts';
import type { Probed } from './commands.ts';

/**
 * Probes whether the service is alive, without waiting for the answer: every 20 ms over open connections, as a load balancer does, and
 * every 240 ms over a new one, as an orchestrator does. It is a process of its own, and also measures how late its own timer is on this
 * machine at the same time.
 */
const { values } = parseArgs({ options: { issuer: { type: 'string' } } });
const { issuer = '' } = values;
const EVERY_MS = 20;
/** Node.js (libuv) accepts one connection a turn of the event loop, so that many new ones would only wait for each other. */
const NEW_CONNECTION_EVERY = 12;
const CONNECTIONS = 50;
const MAX_TRIES = 3;
const NO_ANSWER_MS = 60_000;

const pool = new Pool(issuer, { connections: CONNECTIONS, headersTimeout: NO_ANSWER_MS });
let latencies: Promise<number>[] = [];
let latenciesOfNew: Promise<number>[] = [];
let lags: number[] = [];
let timer: NodeJS.Timeout | undefined;

process.on('disconnect', () => process.exit(0));
process.on('message', (command: 'start' | 'stop') => {
  void (command === 'start' ? start() : stop()).then((answer) => process.send?.(answer));
});
process.send?.('ready');

/** All connections are open before the first probe is timed. */
async function start(): Promise<object> {
  await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(pool)));
  [latencies, latenciesOfNew, lags] = [[], [], []];
  next(performance.now() + EVERY_MS);
  return {};
}

function next(due: number): void {
  timer = setTimeout(
    () => {
      lags.push(performance.now() - due);
      latencies.push(ask(pool));
      if (lags.length % NEW_CONNECTION_EVERY === 0) latenciesOfNew.push(askAnew());
      next(Math.max(due, performance.now() - EVERY_MS) + EVERY_MS);
    },
    Math.max(0, due - performance.now()),
  );
}

async function stop(): Promise<Probed> {
  clearTimeout(timer);
  return {
    liveP99Ms: percentile(await Promise.all(latencies), 0.99),
    liveNewConnectionMaxMs: Math.max(...(await Promise.all(latenciesOfNew))),
    lagP99Ms: percentile(lags, 0.99),
  };
}

async function askAnew(): Promise<number> {
  const agent = new Agent({ headersTimeout: NO_ANSWER_MS });
  try {
    return await ask(agent);
  } finally {
    await agent.close();
  }
}

/** The service may have closed an idle connection: then the probe is sent again, and the clock goes on. */
async function ask(dispatcher: Dispatcher): Promise<number> {
  const begun = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      const { statusCode, body } = await dispatcher.request({ origin: issuer, method: 'GET', path: '/health/live' });
      await body.dump();
      if (statusCode === 200) return performance.now() - begun;
    } catch {
      // Sent again below, as after any other status than 200.
    }
    if (tries === MAX_TRIES) return NO_ANSWER_MS;
  }
}
