import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import type { DestinationStream } from 'pino';
import { createApp } from '../src/app.ts';
import { bankIdTimings, type Timings } from '../src/bankid-sign/timings.ts';
import { readFileWithMode } from '../src/config/load-config.ts';
import { parseConfig } from '../src/config/parse-config.ts';
import { systemClock, type Clock } from '../src/kernel/clock.ts';
import { listen } from '../src/http/listener.ts';
import { parseClients } from '../src/clients/parse-clients.ts';
import type { SandboxClients } from './clients.ts';
import { freePort } from './free-port.ts';
import { prepareService, type SimulatorFacts, type TlsFacts } from './prepare.ts';
import { verifyPageModule } from './verify-page.ts';

export interface SystemOptions {
  /** Where keys, certificates and registrations are kept. */
  readonly folder: string;
  /** The service's login; the database is migrated already. */
  readonly databaseUrl: string;
  readonly port?: number;
  readonly metricsPort?: number;
  readonly redirectUris?: readonly string[];
  /** Where the identity providers of the two banks are; without it they have none. */
  readonly identityOrigin?: string;
  /** A running simulator, in this process or another. */
  readonly simulator: SimulatorFacts;
  readonly clock?: Clock;
  /** How often and how long BankID is asked; as in production by default. */
  readonly timings?: Timings;
  readonly logLevel?: string;
  /** Where log lines go; stderr by default. */
  readonly logStream?: DestinationStream;
  readonly tls?: TlsFacts;
  /** Further variables of the service's configuration. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further routes. */
  readonly modules?: readonly DynamicModule[];
}

export interface System {
  readonly issuer: string;
  readonly metricsUrl: string;
  readonly clients: SandboxClients;
  readonly simulator: SimulatorFacts;
  readonly app: Awaited<ReturnType<typeof createApp>>;
  /** Stops the service; database and simulator belong to the code that started them. */
  stop(): Promise<void>;
}

/** The service in this process, configured by the same parser as everywhere. */
export async function startSystem(options: SystemOptions): Promise<System> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await freePort());
  const metricsPort = options.metricsPort ?? (await freePort());
  const prepared = await prepareService({
    folder: join(options.folder, 'service'),
    port,
    metricsPort,
    databaseUrl: options.databaseUrl,
    redirectUris: options.redirectUris ?? ['http://localhost:3003/callback'],
    simulator: options.simulator,
    ...(options.identityOrigin === undefined ? {} : { identityOrigin: options.identityOrigin }),
    ...(options.tls ? { tls: options.tls } : {}),
  });
  const env = { ...prepared.env, LOG_LEVEL: options.logLevel ?? 'warn', ...options.env };
  const config = parseConfig(env, readFileWithMode, parseClients);
  const { clock = systemClock, timings = bankIdTimings, logStream } = options;
  const modules = [verifyPageModule(config, clock), ...(options.modules ?? [])];
  const app = await createApp({ config, modules, clock, timings, ...(logStream ? { logStream } : {}) });
  try {
    await listen(app, port, config.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  return {
    issuer: prepared.issuer,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    clients: prepared.clients,
    simulator: options.simulator,
    app,
    stop: () => app.close(),
  };
}
