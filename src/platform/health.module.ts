import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { BankIdProbe } from './health/bankid-probe.ts';
import { Certificates } from './health/certificates.ts';
import { HealthController } from './health/health.controller.ts';
import { OwnParts } from './health/own-parts.ts';
import { Readiness } from './health/readiness.ts';
import { MetricsServer } from './metrics-server.ts';

/** What an operator's monitoring asks for: health and metrics. */
@Module({
  // Terminus would log the failure together with its input; the answer itself is enough.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [BankIdProbe, Certificates, MetricsServer, OwnParts, Readiness],
})
export class HealthModule {}
