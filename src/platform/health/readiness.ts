import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { ClockOffset } from '../clock-offset.ts';
import { BankIdProbe } from './bankid-probe.ts';
import { OwnParts } from './own-parts.ts';

/** A signature's time may differ from ours by 60 s; long before that, our timestamps are not to be relied on. */
const MAX_OFFSET_MS = 10_000;

/** What this instance needs to take a payment consent. Messages are neutral: the answer is open to all. */
@Injectable()
export class Readiness {
  readonly #log = new Logger(Readiness.name);
  /** The parts that were down when we were last asked. */
  #down = '';

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly clockOffset: ClockOffset,
    private readonly probe: BankIdProbe,
    private readonly own: OwnParts,
  ) {}

  /** Every part, whether it is up or down. */
  async check(): Promise<HealthCheckResult> {
    const result = await this.#checkAll();
    this.#logChange(Object.keys(result.error ?? {}).join(', '));
    return result;
  }

  async #checkAll(): Promise<HealthCheckResult> {
    try {
      return await this.health.check([
        () => this.#checkDatabase(),
        () => this.#checkBankId(),
        () => this.#checkClock(),
        () => this.own.checkCertificates(),
        () => this.own.checkKeys(),
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

  async #checkDatabase(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('database');
    const offsetMs = await this.#databaseOffsetMs();
    return offsetMs === undefined ? check.down('does not answer') : check.up();
  }

  async #checkBankId(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('bankid');
    const answer = await this.probe.ask().catch(() => undefined);
    return answer ? check.up() : check.down('not reachable');
  }

  /** Against the database's clock, to the millisecond, and BankID's, to the second: two machines that are not this one. */
  async #checkClock(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('clock');
    const offsetMs = await this.#databaseOffsetMs();
    const bankidOffsetMs = (await this.probe.ask().catch(() => undefined))?.clockOffsetMs;
    const offsets = { offsetMs: offsetMs ?? null, bankidOffsetMs: bankidOffsetMs ?? null };
    if (offsetMs === undefined) return check.down({ ...offsets, message: 'nothing to compare with' });
    const worst = Math.max(Math.abs(offsetMs), Math.abs(bankidOffsetMs ?? 0));
    return worst > MAX_OFFSET_MS ? check.down({ ...offsets, message: 'not synchronised' }) : check.up(offsets);
  }

  #databaseOffsetMs(): Promise<number | undefined> {
    return this.clockOffset.measureMs().catch(() => undefined);
  }
}
