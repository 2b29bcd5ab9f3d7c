import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDatabase } from '../sandbox/database.ts';
import { freePort } from '../sandbox/free-port.ts';
import { prepareService } from '../sandbox/prepare.ts';
import { startSimulatorProcess } from '../sandbox/simulator-process.ts';
import { Undo } from '../sandbox/undo.ts';

/** How long the service takes from its start as a process to being ready, and what it weighs when nobody asks anything. */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const undo = new Undo();
try {
  const result = await measure();
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await undo.all();
}

async function measure(): Promise<Record<string, number>> {
  const { env, issuer } = await prepare();
  const begun = performance.now();
  const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
  const service = spawn(process.execPath, [main], { env: { ...env, LOG_LEVEL: 'warn' }, stdio: 'inherit' });
  undo.later(async () => {
    service.kill('SIGTERM');
    await once(service, 'exit');
  });
  await untilReady(`${issuer}/health/ready`);
  const readyMs = Math.round(performance.now() - begun);
  await delay(10_000);
  const rssKb = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(service.pid)], { encoding: 'utf8' }));
  return { readyMs, rssMb: Math.round(rssKb / 1000) };
}

async function prepare(): Promise<Awaited<ReturnType<typeof prepareService>>> {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-bench-'));
  chmodSync(folder, 0o711);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  const database = await startDatabase(join(folder, 'postgres'), folder);
  undo.later(() => database.stop());
  const simulator = await startSimulatorProcess(join(folder, 'pki'), { rp: 0, app: 0 });
  undo.later(() => simulator.stop());
  return prepareService({
    folder: join(folder, 'service'),
    port: await freePort(),
    metricsPort: await freePort(),
    databaseUrl: database.serviceUrl,
    redirectUris: ['http://localhost:3003/callback'],
    simulator: simulator.facts,
  });
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(20);
  }
  throw new Error('the service did not become ready within a minute');
}
