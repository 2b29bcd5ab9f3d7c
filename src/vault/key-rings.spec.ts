import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AppConfig } from '../config/config.ts';
import { MINUTE_MS } from '../kernel/clock.ts';
import { Secret } from '../kernel/secret.ts';
import type { Database } from '../database/database.ts';
import { KeyRings } from './key-rings.ts';
import { Metrics } from '../operations/metrics.ts';
import { Workers } from '../operations/workers.ts';

const ring = { current: 'k1', keys: new Map([['k1', new Secret<Uint8Array>(new Uint8Array(32))]]) };
const config = { environment: 'production', evidenceKeys: ring, lookupKeys: ring } as unknown as AppConfig;
/** No data key names anything. */
const database = { query: () => Promise.resolve({ records: [], affected: 0 }) } as unknown as Database;

describe('a running instance', () => {
  beforeEach(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('looks each minute which keys are named, and keeps what it knew while the database is unavailable', async () => {
    let named = (): Promise<readonly string[]> => Promise.resolve(['k1']);
    let looks = 0;
    const workers = new Workers({ workers: false });
    const rings = new KeyRings(config, database, new Metrics(), workers);
    rings.watch('look-up', () => {
      looks += 1;
      return named();
    });
    await rings.checkAtStart();
    workers.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1);
    named = () => Promise.resolve(['k0', 'k1']);
    const before = looks;
    await jest.advanceTimersByTimeAsync(MINUTE_MS - 2);
    expect([looks, rings.incomplete()]).toEqual([before, []]);
    await jest.advanceTimersByTimeAsync(2);
    expect([looks, rings.incomplete()]).toEqual([before + 1, ['look-up']]);

    named = () => Promise.reject(new Error('unavailable'));
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(rings.incomplete()).toEqual(['look-up']);

    named = () => Promise.resolve(['k1']);
    await jest.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(rings.incomplete()).toEqual([]);
    await workers.beforeApplicationShutdown();
  });
});
