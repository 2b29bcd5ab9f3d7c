import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { BankIdProbe } from './bankid-probe.ts';
import { Certificates } from './certificates.ts';
import { HealthTimer } from './health-timer.ts';
import { HealthController } from './health.controller.ts';
import { OwnParts } from './own-parts.ts';
import { Readiness } from './readiness.ts';
import { MetricsServer } from './metrics-server.ts';

/** What an operator's monitoring asks for: health and metrics. */
@Module({
  // Terminus would log the failure together with its input; the answer itself is enough.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [BankIdProbe, Certificates, HealthTimer, MetricsServer, OwnParts, Readiness],
})
export class HealthModule {}
