import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import type { DestinationStream, Level } from 'pino';
import { bankIdTimings, type Timings } from '../../../src/bankid-sign/timings.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import { SandboxBank } from '../../../sandbox/bank.ts';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import { freePort } from '../../../sandbox/free-port.ts';
import { startSystem, type System, type SystemOptions } from '../../../sandbox/system.ts';
import { SandboxTls } from '../../../sandbox/tls.ts';
import { SandboxTpp } from '../../../sandbox/tpp.ts';
import { Undo } from '../../../sandbox/undo.ts';
import { createTestDatabase } from '../database/database.ts';
import { MovableClock } from './movable-clock.ts';
import { callback } from '../parties/payment.ts';
import { connectParties, Parties, type ConnectedParties } from '../parties/parties.ts';
import { sharedPkiDirectory } from './pki-directory.ts';
import { runLog } from '../run/run-logs.ts';

export { anna, bo, callback, payment } from '../parties/payment.ts';
export { type SignedPayment } from '../parties/parties.ts';

/** Fast enough that no test waits for seconds. */
export const quick: Partial<Timings> = { collectIntervalMs: 50, tickMs: 10, answerUnknownMs: 300 };

/** No worker runs. */
export const atRest = { env: { WORKERS: 'false' } } as const;

/** What may be set for one instance of the service. */
export interface InstanceOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** How often and how long BankID is asked, where it is not as in production. */
  readonly timings?: Partial<Timings>;
  /** What of the log is shown; everything is kept and checked. */
  readonly logLevel?: Level;
  /** Where log lines go instead. */
  readonly logStream?: DestinationStream;
  /** Routes and middleware of the test's own. */
  readonly modules?: readonly DynamicModule[];
}

export interface TestSystemOptions extends InstanceOptions {
  readonly simulator?: SimulatorOptions;
  /** Serve https, trusted by this process, and take client certificates at a second port. */
  readonly tls?: true | { readonly suiteOrigin: string };
  /** Registered for the TPPs besides the usual one. */
  readonly redirectUri?: string;
  /** Where the identity providers of the two banks are; without it they have none. */
  readonly identityOrigin?: string;
}

/** The whole product on a database of its own: service and simulator in this process, all parties over real HTTP. */
export class TestSystem extends Parties {
  readonly clock: MovableClock;
  readonly simulator: Simulator;
  readonly system: System;
  /** Where the sandbox keeps keys and certificates. */
  readonly folder: string;
  readonly #undo: Undo;

  private constructor(
    parts: ConnectedParties & Pick<TestSystem, 'clock' | 'simulator' | 'system' | 'folder'>,
    undo: Undo,
  ) {
    super(parts);
    this.clock = parts.clock;
    this.simulator = parts.simulator;
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
      const simulator = await startSimulator({ pkiDirectory: sharedPkiDirectory, clock, ...options.simulator });
      undo.later(() => simulator.stop());
      const suite = typeof options.tls === 'object' ? options.tls : {};
      const tls = options.tls && { host: 'localhost', mtlsPort: await freePort(), ...suite };
      if (tls) (await SandboxTls.open(join(folder, 'service'))).trustHere();
      const at = { folder, database, simulator, clock };
      const system = await startSystem({ ...systemOptions(at, options), ...(tls ? { tls } : {}) });
      undo.later(() => system.stop());
      const { issuer, clients } = system;
      const parties = await connectParties({ issuer, clients, clock, appUrl: simulator.appUrl, database });
      return new TestSystem({ clock, simulator, system, folder, ...parties }, undo);
    } catch (error) {
      await undo.all();
      throw error;
    }
  }

  /** Stops also what {@link startInstance} has started. */
  stop(): Promise<void> {
    return this.#undo.all();
  }

  /** Another instance of the service, on the same database, with the same keys and clients, at an address of its own. */
  async startInstance(options: InstanceOptions = {}): Promise<System> {
    const instance = await startSystem(systemOptions(this, options));
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= instance.stop());
    this.#undo.later(stop);
    return { ...instance, stop };
  }

  /** A part of the service. */
  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.system.app.get<T>(type, { strict: false });
  }

  connectTpp(client: SandboxClient): Promise<SandboxTpp> {
    return SandboxTpp.connect(this.system.issuer, client);
  }

  connectBank(client: SandboxClient): Promise<SandboxBank> {
    return SandboxBank.connect(this.system.issuer, client);
  }
}

function systemOptions(
  { folder, database, simulator, clock }: Pick<TestSystem, 'folder' | 'database' | 'simulator' | 'clock'>,
  options: InstanceOptions & Pick<TestSystemOptions, 'redirectUri' | 'identityOrigin'>,
): SystemOptions {
  return {
    folder,
    simulator,
    clock,
    databaseUrl: database.url,
    redirectUris: [callback, ...(options.redirectUri === undefined ? [] : [options.redirectUri])],
    timings: { ...bankIdTimings, ...options.timings },
    logLevel: 'trace',
    logStream: options.logStream ?? runLog(database.name, options.logLevel ?? 'error'),
    ...(options.identityOrigin === undefined ? {} : { identityOrigin: options.identityOrigin }),
    ...(options.env ? { env: options.env } : {}),
    ...(options.modules ? { modules: options.modules } : {}),
  };
}
