import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ClockOffset } from '../clock-offset.ts';
import { BankIdProbe } from './bankid-probe.ts';
import { Certificates } from './certificates.ts';

/** A signature's time may differ from ours by 60 s; long before that, our timestamps are not to be relied on. */
const MAX_OFFSET_MS = 10_000;
const RENEW_WITHIN_DAYS = 30;

/** What this instance needs to take a payment consent. Messages are neutral: the answer is open to all. */
@Injectable()
export class Readiness {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly clockOffset: ClockOffset,
    private readonly probe: BankIdProbe,
    private readonly certificates: Certificates,
  ) {}

  async checkDatabase(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('database');
    const offsetMs = await this.#databaseOffsetMs();
    return offsetMs === undefined ? check.down('does not answer') : check.up();
  }

  async checkBankId(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('bankid');
    const answer = await this.probe.ask().catch(() => undefined);
    return answer ? check.up() : check.down('not reachable');
  }

  /** Against the database's clock, to the millisecond, and BankID's, to the second: two machines that are not this one. */
  async checkClock(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('clock');
    const offsetMs = await this.#databaseOffsetMs();
    const bankidOffsetMs = (await this.probe.ask().catch(() => undefined))?.clockOffsetMs;
    const offsets = { offsetMs: offsetMs ?? null, bankidOffsetMs: bankidOffsetMs ?? null };
    if (offsetMs === undefined) return check.down({ ...offsets, message: 'nothing to compare with' });
    const worst = Math.max(Math.abs(offsetMs), Math.abs(bankidOffsetMs ?? 0));
    return worst > MAX_OFFSET_MS ? check.down({ ...offsets, message: 'not synchronised' }) : check.up(offsets);
  }

  checkCertificates(): HealthIndicatorResult {
    const check = this.indicators.check('certificates');
    const daysLeft = this.certificates.daysLeft();
    const least = Math.min(...Object.values(daysLeft));
    if (least < 0) return check.down({ daysLeft, message: 'expired' });
    return least < RENEW_WITHIN_DAYS ? check.degraded({ daysLeft, message: 'renew soon' }) : check.up({ daysLeft });
  }

  #databaseOffsetMs(): Promise<number | undefined> {
    return this.clockOffset.measureMs().catch(() => undefined);
  }
}
