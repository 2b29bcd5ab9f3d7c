import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import type { DestinationStream, Level } from 'pino';
import { startSimulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import { SandboxBank } from '../../../sandbox/bank.ts';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import { freePort } from '../../../sandbox/free-port.ts';
import { startSystem, type System } from '../../../sandbox/system.ts';
import { SandboxTls } from '../../../sandbox/tls.ts';
import { SandboxTpp } from '../../../sandbox/tpp.ts';
import { Undo } from '../../../sandbox/undo.ts';
import { createTestDatabase, type TestDatabase } from '../database/database.ts';
import { MovableClock } from './movable-clock.ts';
import { callback, Parties } from '../parties/parties.ts';
import { PayerApp } from '../parties/payer-app.ts';
import { runLog } from '../run/run-logs.ts';

const pkiDirectory = join(import.meta.dirname, '../../../.sigill/test-pki');

export { anna, bo, callback, payment, type SignedPayment } from '../parties/parties.ts';

export interface TestSystemOptions {
  readonly simulator?: SimulatorOptions;
  readonly env?: Readonly<Record<string, string>>;
  /** What of the log is shown; everything is kept and checked. */
  readonly logLevel?: Level;
  /** Where log lines go instead. */
  readonly logStream?: DestinationStream;
  /** Serve https, trusted by this process, and take client certificates at a second port. */
  readonly tls?: true;
  /** Routes and middleware of the test's own. */
  readonly modules?: readonly DynamicModule[];
}

/** The whole product on a database of its own: service and simulator in this process, all parties over real HTTP. */
export class TestSystem extends Parties {
  readonly clock: MovableClock;
  readonly database: TestDatabase;
  readonly system: System;
  /** Where the sandbox keeps keys and certificates. */
  readonly folder: string;
  readonly #undo: Undo;

  private constructor(
    parts: Pick<TestSystem, 'clock' | 'database' | 'system' | 'folder' | 'tpp' | 'bank' | 'app'>,
    undo: Undo,
  ) {
    super(parts);
    this.clock = parts.clock;
    this.database = parts.database;
    this.system = parts.system;
    this.folder = parts.folder;
    this.#undo = undo;
  }

  static async start(options: TestSystemOptions = {}): Promise<TestSystem> {
    const undo = new Undo();
    try {
      const clock = new MovableClock();
      const folder = mkdtempSync(join(tmpdir(), 'sigill-e2e-'));
      undo.later(() => rmSync(folder, { recursive: true, force: true }));
      const database = await createTestDatabase();
      undo.later(() => database.close());
      const simulator = await startSimulator({ pkiDirectory, clock, ...options.simulator });
      undo.later(() => simulator.stop());
      const tls = options.tls && { host: 'localhost', mtlsPort: await freePort() };
      if (tls) (await SandboxTls.open(join(folder, 'service'))).trustHere();
      const system = await startSystem({
        folder,
        databaseUrl: database.url,
        redirectUris: [callback],
        simulator,
        clock,
        logLevel: 'trace',
        logStream: options.logStream ?? runLog(database.name, options.logLevel ?? 'error'),
        ...(tls ? { tls } : {}),
        ...(options.env ? { env: options.env } : {}),
        ...(options.modules ? { modules: options.modules } : {}),
      });
      undo.later(() => system.stop());
      const tpp = await SandboxTpp.connect(system.issuer, system.clients.tpp);
      const bank = await SandboxBank.connect(system.issuer, system.clients.bank);
      return new TestSystem(
        { clock, database, system, folder, tpp, bank, app: new PayerApp(simulator.appUrl, database) },
        undo,
      );
    } catch (error) {
      await undo.all();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.#undo.all();
  }

  connectTpp(client: SandboxClient): Promise<SandboxTpp> {
    return SandboxTpp.connect(this.system.issuer, client);
  }

  connectBank(client: SandboxClient): Promise<SandboxBank> {
    return SandboxBank.connect(this.system.issuer, client);
  }
}
