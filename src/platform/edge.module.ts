import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import type { DestinationStream } from 'pino';
import type { AppConfig } from '../config/config.ts';
import { ApiDocument } from './api-document.ts';
import { DocsController } from './docs/docs.controller.ts';
import { BankIdProbe } from './health/bankid-probe.ts';
import { Certificates } from './health/certificates.ts';
import { HealthController } from './health/health.controller.ts';
import { Readiness } from './health/readiness.ts';
import { loggingModule } from './logging.ts';
import { MetricsServer } from './metrics-server.ts';
import { ProblemsController } from './pages/problems.controller.ts';
import { ProblemFilter } from './problem.filter.ts';
import { FloodGuard, throttlingModule } from './throttling.ts';

/**
 * What stands between the network and every other module. Imported before them: guards run in the order of their modules,
 * and a flood is to be turned away before anybody's signature is checked.
 */
@Module({})
export class EdgeModule {
  static forRoot(config: AppConfig, logStream?: DestinationStream): DynamicModule {
    return {
      module: EdgeModule,
      imports: [
        loggingModule(config.logLevel, logStream),
        throttlingModule(config),
        // Terminus would log what failed together with what it was told; the answer itself is enough.
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HealthController, ProblemsController, DocsController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: FloodGuard },
        ApiDocument,
        BankIdProbe,
        Certificates,
        MetricsServer,
        Readiness,
      ],
    };
  }
}
