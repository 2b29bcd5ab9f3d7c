import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { percentile } from '../percentile.ts';
import type { Probed } from './commands.ts';

/**
 * Asks whether the service lives, every 20 ms, without waiting for the answer. A process of its own; how late its own timer is, on this
 * machine at this time, is measured beside it.
 */
const { values } = parseArgs({ options: { issuer: { type: 'string' } } });
const EVERY_MS = 20;
const MAX_TRIES = 3;
const NO_ANSWER_MS = 60_000;

const pool = new Pool(values.issuer ?? '', { connections: 200, headersTimeout: 60_000 });
let latencies: Promise<number>[] = [];
let lags: number[] = [];
let timer: NodeJS.Timeout | undefined;

process.on('disconnect', () => process.exit(0));
process.on('message', (command: 'start' | 'stop') => {
  if (command === 'start') start();
  else void stop().then((answer) => process.send?.(answer));
});
process.send?.('ready');

function start(): void {
  [latencies, lags] = [[], []];
  next(performance.now() + EVERY_MS);
}

function next(due: number): void {
  timer = setTimeout(
    () => {
      lags.push(performance.now() - due);
      latencies.push(ask());
      next(Math.max(due, performance.now() - EVERY_MS) + EVERY_MS);
    },
    Math.max(0, due - performance.now()),
  );
}

async function stop(): Promise<Probed> {
  clearTimeout(timer);
  return { liveP99Ms: percentile(await Promise.all(latencies), 0.99), lagP99Ms: percentile(lags, 0.99) };
}

/** A connection that the service ended while it was idle is no answer: it is asked again, and the clock goes on. */
async function ask(): Promise<number> {
  const begun = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path: '/health/live' });
      await body.dump();
      if (statusCode === 200) return performance.now() - begun;
    } catch {
      // Counted below like any other answer that is none.
    }
    if (tries === MAX_TRIES) return NO_ANSWER_MS;
  }
}
