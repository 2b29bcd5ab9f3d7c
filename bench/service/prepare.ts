import { chmodSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startDatabase, type SandboxDatabase } from '../../sandbox/database.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { prepareService, type PreparedService } from '../../sandbox/prepare.ts';
import { startSimulatorProcess, type SimulatorProcess } from '../../sandbox/simulator-process.ts';
import type { Undo } from '../../sandbox/undo.ts';

export interface Prepared extends PreparedService {
  readonly folder: string;
  readonly metricsUrl: string;
  readonly database: SandboxDatabase;
  readonly simulator: SimulatorProcess;
}

/** Everything that the service needs, on a durable PostgreSQL of its own. */
export async function prepare(undo: Undo): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-bench-'));
  chmodSync(folder, 0o711);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  const database = await startDatabase(join(folder, 'postgres'), folder);
  undo.later(() => database.stop());
  const simulator = await startSimulatorProcess(join(folder, 'pki'), { rp: 0, app: 0 });
  undo.later(() => simulator.stop());
  const metricsPort = await freePort();
  const service = await prepareService({
    folder: join(folder, 'service'),
    port: await freePort(),
    metricsPort,
    databaseUrl: database.serviceUrl,
    redirectUris: ['http://localhost:3003/callback'],
    simulator: simulator.facts,
  });
  return { ...service, folder, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`, database, simulator };
}

/** The service as it is deployed, ready; it writes errors only. */
export function startService(prepared: PreparedService, undo: Undo): Promise<ChildProcess> {
  return startLogging(prepared, 'error', 'inherit', undo);
}

/** The same with the log that it writes by default, a line for each request, in a file. */
export function startServiceWithLog(prepared: Prepared, undo: Undo): Promise<ChildProcess> {
  return startLogging(prepared, 'info', openSync(join(prepared.folder, 'service.log'), 'w'), undo);
}

async function startLogging(
  { env, issuer }: PreparedService,
  level: string,
  log: 'inherit' | number,
  undo: Undo,
): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  const stdio: StdioOptions = ['ignore', 'inherit', log];
  const service = spawn(process.execPath, [main], { env: { ...env, LOG_LEVEL: level }, stdio });
  undo.later(async () => {
    service.kill('SIGTERM');
    await once(service, 'exit');
  });
  await untilReady(`${issuer}/health/ready`);
  return service;
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
