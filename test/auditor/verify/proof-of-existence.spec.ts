import { addMs, DAY_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { makeVector, producedAt } from '../../support/vectors/vector.ts';
import { bareReportOf, verdictOf, type Options } from '../../support/vectors/verify.ts';

const later = new Date('2030-01-01T00:00:00Z');
const provenAt = addMs(producedAt, DAY_MS);

describe('a signature whose responder has expired', () => {
  const strict = (options: Options): string =>
    verdictOf(bareReportOf(makeVector(), { policy: 'etsi-strict', ...options }));

  it('passes under etsi-strict with a timestamp from before, and under bankid without a warning', () => {
    expect(strict({ now: later })).toBe('INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE');
    expect(strict({ now: later, provenAt })).toBe('TOTAL-PASSED');
    const report = bareReportOf(makeVector(), { now: later, provenAt });
    expect(report.warnings).not.toContain('poe.responder-only');
    expect(report.checks.find(({ id }) => id === 'times')?.message).toBe('times.responder-expired-after-proof');
  });

  it('does not pass with a timestamp from after its responder had expired', () => {
    expect(strict({ now: later, provenAt: new Date('2029-12-31T00:00:00Z') })).toBe(
      'INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE',
    );
  });

  it.each(['bankid', 'etsi-strict'] as const)('is not older than its OCSP response under %s', (policy) => {
    const report = bareReportOf(makeVector(), { now: later, policy, provenAt: addMs(producedAt, -120 * SECOND_MS) });
    expect(verdictOf(report)).toBe('INDETERMINATE/TIMESTAMP_ORDER_FAILURE');
    expect(strict({ now: later, provenAt: addMs(producedAt, -30 * SECOND_MS) })).toBe('TOTAL-PASSED');
  });
});
