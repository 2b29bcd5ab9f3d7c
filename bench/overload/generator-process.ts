import { parseArgs } from 'node:util';
import type { JWK } from 'jose';
import { Pool } from 'undici';
import { percentile } from '../percentile.ts';
import { ClientKeys } from '../token/client-keys.ts';
import type { Flooded, GeneratorCommand, Recovered, Sustained } from './commands.ts';

/**
 * Requests tokens, each with a client assertion and a DPoP proof of its own, signed before any clock starts. It is a process of its
 * own, so that the service is not charged for sending requests.
 */
const { values } = parseArgs({ options: { issuer: { type: 'string' }, client: { type: 'string' } } });
const { issuer = '' } = values;
const { id, privateJwk } = JSON.parse(values.client ?? '') as { id: string; privateJwk: JWK };

const IN_FLIGHT = 8;
const WINDOW = 50;
const TICK_MS = 5;

const keys = new ClientKeys(id, privateJwk);
const CONNECTIONS = 500;

const pool = new Pool(issuer, { connections: CONNECTIONS, headersTimeout: 60_000 });
let lastSent = 0;
let stock: { readonly body: string; readonly proof: string }[] = [];

process.on('disconnect', () => process.exit(0));
process.on('message', (command: GeneratorCommand) => {
  void run(command).then((answer) => process.send?.(answer));
});
process.send?.('ready');

function run(command: GeneratorCommand): Promise<object> {
  switch (command.do) {
    case 'sign':
      sign(command.count);
      return dial();
    case 'sustain':
      return sustain(command.count);
    case 'flood':
      return flood(command.perSecond, command.seconds);
    case 'recover':
      return recover(command.p50Ms, command.timeoutMs);
  }
}

function sign(count: number): void {
  stock = Array.from({ length: count }, () => {
    const form = { ...keys.credentials(issuer), grant_type: 'client_credentials', scope: 'consents' };
    return { body: new URLSearchParams(form).toString(), proof: keys.proof(`${issuer}/token`) };
  });
}

/** The status of the answer; 0 when there is none. */
async function ask(): Promise<number> {
  const next = stock.pop();
  if (!next) throw new Error('more requests were sent than signed');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', dpop: next.proof };
  try {
    const { statusCode, body } = await pool.request({ method: 'POST', path: '/token', headers, body: next.body });
    await body.dump();
    return statusCode;
  } catch {
    return 0;
  }
}

async function sustain(count: number): Promise<Sustained> {
  sign(count);
  const begun = performance.now();
  const taken = await closedLoop(count);
  return { perSecond: (count * 1000) / (performance.now() - begun), p50Ms: percentile(taken, 0.5) };
}

/** How long each of `count` took, eight at a time. */
async function closedLoop(count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      const status = await ask();
      // A request that was shed counts as unanswered, however fast.
      taken.push(status === 200 ? performance.now() - begun : Infinity);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return taken;
}

async function flood(perSecond: number, seconds: number): Promise<Flooded> {
  const total = Math.round(perSecond * seconds);
  const statuses = new Map<number, number>();
  const answers: Promise<void>[] = [];
  const begun = performance.now();
  while (answers.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - begun) / 1000) * perSecond));
    while (answers.length < due) {
      answers.push(ask().then((status) => void statuses.set(status, (statuses.get(status) ?? 0) + 1)));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  // What has not been answered yet belongs to the recovery.
  lastSent = performance.now();
  await Promise.all(answers);
  const { 200: accepted = 0, 503: shed = 0, ...others } = Object.fromEntries(statuses) as Record<number, number>;
  return { offered: total, accepted, shed, others };
}

/**
 * Opens all connections: what is measured is a flood of requests, and not the kernel's queue of new connections. One that the
 * service has ended meanwhile, because it was idle, is opened anew by its next request.
 */
async function dial(): Promise<object> {
  const asking = Array.from({ length: CONNECTIONS }, async () => {
    const { body } = await pool.request({ method: 'GET', path: '/health/live' });
    await body.dump();
  });
  await Promise.allSettled(asking);
  return {};
}

/** How long after the end of the flood the median of fifty is at most twice what it was before. */
async function recover(p50Ms: number, timeoutMs: number): Promise<Recovered> {
  for (;;) {
    const median = percentile(await closedLoop(WINDOW), 0.5);
    const recoveryMs = Math.round(performance.now() - lastSent);
    if (median <= 2 * p50Ms || recoveryMs > timeoutMs || stock.length < WINDOW) return { recoveryMs };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
