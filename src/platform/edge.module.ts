import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ApiDocument } from './api-document.ts';
import { DocsController } from './docs/docs.controller.ts';
import { BankIdProbe } from './health/bankid-probe.ts';
import { Certificates } from './health/certificates.ts';
import { HealthController } from './health/health.controller.ts';
import { OwnParts } from './health/own-parts.ts';
import { Readiness } from './health/readiness.ts';
import { MetricsServer } from './metrics-server.ts';
import { ProblemsController } from './pages/problems.controller.ts';

/** What an operator and a developer look up: health, metrics, documentation, the meaning of errors. */
@Module({
  // Terminus would log the failure together with its input; the answer itself is enough.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, ProblemsController, DocsController],
  providers: [ApiDocument, BankIdProbe, Certificates, MetricsServer, OwnParts, Readiness],
})
export class EdgeModule {}
