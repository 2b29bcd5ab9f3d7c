import { Injectable } from '@nestjs/common';
import { Metrics } from '../../operations/metrics.ts';
import { findDecidingCheck } from '../../verification/report.ts';
import type { RefusedOrder } from './order-verification.ts';

/** Counts refusals by the deciding check, so that an operator notices at once if BankID changes its format. */
@Injectable()
export class RefusalCounter {
  constructor(private readonly metrics: Metrics) {}

  count({ reason, report }: RefusedOrder): void {
    const check = reason === 'signature' ? (findDecidingCheck(report) ?? 'unknown') : reason;
    this.metrics.count('sigill_verification_refusals_total', 'Completed orders refused, by the deciding check', {
      check,
    });
  }
}
