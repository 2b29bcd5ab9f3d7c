import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase, type SandboxDatabase } from '../../sandbox/database.ts';
import { startSimulatorProcess } from '../../sandbox/simulator-process.ts';
import { startSystem, type System } from '../../sandbox/system.ts';
import type { Undo } from '../../sandbox/undo.ts';

export interface ServiceHere {
  readonly system: System;
  readonly database: SandboxDatabase;
}

/** The service in this process, which can watch it, on a durable PostgreSQL, with a simulator of its own that answers no order. */
export async function startHere(undo: Undo): Promise<ServiceHere> {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-bench-'));
  chmodSync(folder, 0o711);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  const database = await startDatabase(join(folder, 'postgres'), folder);
  undo.later(() => database.stop());
  // A tenth of the usual speed: nothing times out while we measure.
  const simulator = await startSimulatorProcess(join(folder, 'pki'), { rp: 0, app: 0 }, 0.1);
  undo.later(() => simulator.stop());
  const system = await startSystem({
    folder,
    databaseUrl: database.serviceUrl,
    simulator: simulator.facts,
    logLevel: 'warn',
  });
  undo.later(() => system.stop());
  return { system, database };
}
