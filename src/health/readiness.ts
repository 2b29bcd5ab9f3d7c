import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { ClockOffset } from '../database/clock-offset.ts';
import { BankIdProbe, type BankIdAnswer } from './bankid-probe.ts';
import { within, type TimedOutcome } from '../operations/deadline.ts';
import { OwnParts } from './own-parts.ts';

/** A signature's time may differ from ours by 60 s; our timestamps become unreliable long before that. */
const MAX_OFFSET_MS = 10_000;
/** A part that has not answered by then counts as down. */
const PART_MS = 3_000;
const LATE = `late: no answer within ${PART_MS / 1000} s`;

/** What this instance needs to take a payment consent. Messages reveal nothing else: the answer is public. */
@Injectable()
export class Readiness {
  readonly #log = new Logger(Readiness.name);
  /** The parts that were down at the last check. */
  #down = '';
  #pending: Promise<HealthCheckResult> | undefined;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly clockOffset: ClockOffset,
    private readonly probe: BankIdProbe,
    private readonly own: OwnParts,
  ) {}

  /** The state of every part. All callers share one check at a time. */
  check(): Promise<HealthCheckResult> {
    this.#pending ??= this.#check().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #check(): Promise<HealthCheckResult> {
    const result = await this.#checkAll();
    this.#logChange(Object.keys(result.error ?? {}).join(', '));
    return result;
  }

  async #checkAll(): Promise<HealthCheckResult> {
    const database = within(PART_MS, () => this.clockOffset.measureMs());
    const bankid = within(PART_MS, () => this.probe.ask());
    try {
      return await this.health.check([
        async () => this.#checkPart('database', await database),
        async () => this.#checkBankId(await bankid),
        async () => this.#checkClock(await database, await bankid),
        () => this.own.checkCertificates(),
        () => this.own.checkKeys(),
        () => this.own.checkReported('ledger'),
        () => this.own.checkReported('erasure'),
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  /** Checks come every few seconds, so only a change is logged. */
  #logChange(down: string): void {
    if (down === this.#down) return;
    this.#down = down;
    if (down === '') this.#log.log('ready again');
    else this.#log.warn(`not ready: ${down}`);
  }

  #checkPart(name: string, outcome: TimedOutcome<unknown>): HealthIndicatorResult {
    const check = this.indicators.check(name);
    if (outcome === 'late') return check.down(LATE);
    return outcome === 'failed' ? check.down('does not answer') : check.up();
  }

  /** With a further certificate alone out of order, payers in browser, app and QR code can still sign. */
  #checkBankId(outcome: TimedOutcome<BankIdAnswer>): HealthIndicatorResult {
    if (typeof outcome === 'string' || outcome.answer.unanswered.length === 0)
      return this.#checkPart('bankid', outcome);
    return this.indicators.check('bankid').degraded('does not answer with every RP certificate');
  }

  /**
   * Compares our clock with the database's, to the millisecond, and BankID's, to the second. If neither
   * answers, the clock is not to blame.
   */
  #checkClock(database: TimedOutcome<number>, bankid: TimedOutcome<BankIdAnswer>): HealthIndicatorResult {
    const check = this.indicators.check('clock');
    const offsetMs = typeof database === 'string' ? undefined : database.answer;
    const bankidOffsetMs = typeof bankid === 'string' ? undefined : bankid.answer.clockOffsetMs;
    const offsets = { offsetMs: offsetMs ?? null, bankidOffsetMs: bankidOffsetMs ?? null };
    const known = [offsetMs, bankidOffsetMs].filter((offset) => offset !== undefined);
    if (known.length === 0) return check.degraded({ ...offsets, message: 'nothing to compare with' });
    const isOff = known.some((offset) => Math.abs(offset) > MAX_OFFSET_MS);
    return isOff ? check.down({ ...offsets, message: 'not synchronised' }) : check.up(offsets);
  }
}
