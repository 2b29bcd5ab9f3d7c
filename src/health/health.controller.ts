import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult } from '@nestjs/terminus';
import { SkipThrottle } from '@nestjs/throttler';
import type { Response } from 'express';
import { AnswersJson, Refuses } from '../openapi/answers.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../http/route-declaration.ts';
import { exampleFailure, exampleReadiness, LivenessDto, ReadinessDto } from './health.dto.ts';
import { Readiness } from './readiness.ts';

@ApiTags('operation')
@UnderLoad('never')
@Controller('health')
@OpenToAll()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Restart the instance when this does not answer: it depends on the process alone, and is never shed. */
  @Get('live')
  @SkipThrottle()
  @ChangesNothing()
  @ApiOperation({
    operationId: 'checkLiveness',
    summary: 'Whether the process answers',
    description: 'Restart the instance when this does not answer. It depends on the process alone.',
  })
  @AnswersJson(200, 'It does', LivenessDto, { live: { status: 'ok' } })
  @Refuses()
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** Send the instance no payers unless this answers 200. The answer lists every part, including those that are up. */
  @Get('ready')
  @ChangesNothing()
  @HealthCheck({ swaggerDocumentation: false })
  @ApiOperation({
    operationId: 'checkReadiness',
    summary: 'Database, BankID, clock offset, days until each certificate expires, keys, ledger, erasure',
    description:
      'Send the instance no payers unless this answers 200. The answer lists every part, including those that are up.',
  })
  @AnswersJson(503, 'Send it no payers', ReadinessDto, { down: exampleFailure })
  @AnswersJson(200, 'Send it payers', ReadinessDto, { ready: exampleReadiness })
  @Refuses()
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const result = await this.readiness.check();
    const isReady = result.status === 'ok' || result.status === 'degraded';
    response.status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return result;
  }
}
