import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clients } from './clients/clients.ts';
import { parseClients } from './clients/parse-clients.ts';
import { CONFIG, type AppConfig } from './config/config.ts';
import { Announcements } from './database/announcements.ts';
import { ClockOffset } from './database/clock-offset.ts';
import { ClockRepository } from './database/clock.repository.ts';
import { Database } from './database/database.ts';
import type { Clock } from './kernel/clock.ts';
import { Conditions } from './health/conditions.ts';
import { LatestHealth } from './health/latest-health.ts';
import { CLOCK } from './operations/clock.ts';
import { Metrics } from './operations/metrics.ts';
import { Workers } from './operations/workers.ts';
import { RateWindows } from './rates/rate-windows.ts';
import { Envelope } from './vault/envelope.ts';
import { KeyRings } from './vault/key-rings.ts';

/** What an instance stands on: its configuration, its clock and its open pool. */
export interface FoundationOptions {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly source: DataSource;
}

@Global()
@Module({})
export class FoundationModule {
  static forRoot({ config, clock, source }: FoundationOptions): DynamicModule {
    return {
      module: FoundationModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: Database, useFactory: () => new Database(source) },
        { provide: Envelope, useFactory: () => sealedBy(config) },
        { provide: Clients, useFactory: () => registered(config) },
        Announcements,
        Conditions,
        LatestHealth,
        Metrics,
        Workers,
        KeyRings,
        RateWindows,
        ClockRepository,
        ClockOffset,
      ],
      exports: [
        CONFIG,
        CLOCK,
        Clients,
        Announcements,
        Conditions,
        LatestHealth,
        Database,
        Envelope,
        Metrics,
        Workers,
        ClockOffset,
        KeyRings,
        RateWindows,
      ],
    };
  }
}

function registered({ clients, environment }: AppConfig): Clients {
  return new Clients(parseClients(clients, environment));
}

function sealedBy({ evidenceKeys, lookupKeys, subjectKeys }: AppConfig): Envelope {
  return new Envelope(evidenceKeys, lookupKeys, subjectKeys);
}
