import { Inject, Injectable } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import { MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { Workers } from '../operations/workers.ts';
import { LatestHealth, type HealthFound } from './latest-health.ts';
import { Readiness } from './readiness.ts';

/** Checks each minute how an instance is that settles orders, because its evidence records that. */
@Injectable()
export class HealthTimer {
  constructor(
    private readonly readiness: Readiness,
    private readonly latest: LatestHealth,
    @Inject(CLOCK) private readonly clock: Clock,
    workers: Workers,
  ) {
    workers.add({ name: 'health', intervalMs: MINUTE_MS, runOnce: () => this.#check() });
  }

  async #check(): Promise<void> {
    const result = await this.readiness.check();
    this.latest.keep(foundIn(result, this.clock.now()));
  }
}

/** Names of parts and offsets alone: neither messages nor days. */
export function foundIn({ status, details }: HealthCheckResult, checkedAt: Date): HealthFound {
  const parts = Object.entries(details);
  const named = (wanted: string): readonly string[] =>
    parts.flatMap(([name, part]) => (part.status === wanted ? [name] : []));
  const offset: unknown = details['clock']?.['bankidOffsetMs'];
  return {
    checkedAt,
    status,
    bankidOffsetMs: typeof offset === 'number' ? offset : null,
    degraded: named('degraded'),
    down: named('down'),
  };
}
