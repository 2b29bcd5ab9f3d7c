import { Controller, Get, Logger, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import type { Response } from 'express';
import { Describe } from '../api-description.ts';
import { OpenToAll } from '../route-declaration.ts';
import { describeLive, describeReady } from './describe-health.ts';
import { Readiness } from './readiness.ts';

@ApiTags('operation')
@Controller('health')
@OpenToAll()
export class HealthController {
  readonly #log = new Logger(HealthController.name);
  /** The parts that were down when we were last asked. */
  #down = '';

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

  /** Send it no payers while this is not 200. The answer names every part, also when one is down. */
  @Get('ready')
  @HealthCheck({ swaggerDocumentation: false })
  @Describe(describeReady)
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const result = await this.#check();
    if (result.status !== 'ok') response.status(503);
    this.#logChange(Object.keys(result.error ?? {}).join(', '));
    return result;
  }

  async #check(): Promise<HealthCheckResult> {
    const { readiness } = this;
    try {
      return await this.health.check([
        () => readiness.checkDatabase(),
        () => readiness.checkBankId(),
        () => readiness.checkClock(),
        () => readiness.checkCertificates(),
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  /** It is asked every few seconds: what is logged is that something has changed. */
  #logChange(down: string): void {
    if (down === this.#down) return;
    this.#down = down;
    if (down === '') this.#log.log('ready again');
    else this.#log.warn(`not ready: ${down}`);
  }
}
