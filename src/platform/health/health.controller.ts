import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { Describe } from '../api-description.ts';
import { OpenToAll } from '../route-declaration.ts';
import { describeLive, describeReady } from './describe-health.ts';
import { Readiness } from './readiness.ts';

@ApiTags('operation')
@Controller('health')
@OpenToAll()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  /** Restart it when this does not answer: nothing but the process itself is asked. */
  @Get('live')
  @Describe(describeLive)
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** Send it no payers while this is not 200. */
  @Get('ready')
  @HealthCheck({ swaggerDocumentation: false })
  @Describe(describeReady)
  ready(): Promise<HealthCheckResult> {
    const { readiness } = this;
    return this.health.check([
      () => readiness.checkDatabase(),
      () => readiness.checkBankId(),
      () => readiness.checkClock(),
      () => readiness.checkCertificates(),
    ]);
  }
}
