import { Logger, type LoggerService } from '@nestjs/common';
import { Conditions } from '../../health/conditions.ts';
import { addMs, MINUTE_MS } from '../../kernel/clock.ts';
import { Metrics } from '../../operations/metrics.ts';
import { DirectoryFault } from '../outside/directory-fault.ts';
import { LedgerFault } from './ledger-fault.ts';
import { LedgerHealth } from './ledger-health.ts';

const START = new Date('2026-12-01T09:00:00Z');

let now: Date;
let conditions: Conditions;
let metrics: Metrics;
let health: LedgerHealth;
const written: string[] = [];

beforeEach(() => {
  now = START;
  [conditions, metrics] = [new Conditions(), new Metrics()];
  health = new LedgerHealth({ now: () => now }, conditions, metrics);
  written.length = 0;
  const write =
    (level: string) =>
    (line: unknown): unknown =>
      written.push(`${level} ${String(line)}`);
  Logger.overrideLogger({ log: write('info'), warn: write('warn'), error: write('error') } satisfies LoggerService);
});
afterAll(() => {
  Logger.overrideLogger(false);
});

const gauge = async (name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (\\S+)$`, 'm').exec(await metrics.exposition())?.[1];
const full = new DirectoryFault('full', 'log/checkpoint');

describe('the health of the ledger', () => {
  it('is up while nothing is wrong', async () => {
    health.sawWaiting(addMs(now, -59_000));
    expect(conditions.read('ledger')).toEqual({ status: 'up' });
    expect(await gauge('sigill_ledger_unkept_seconds')).toBe('0');
    expect(written).toEqual([]);
  });

  it('is degraded once evidence has waited for its number for more than a minute, and says so once', async () => {
    for (const ms of [61_000, 71_000]) health.sawWaiting(addMs(now, -ms));
    expect(conditions.read('ledger')).toEqual({ status: 'degraded', message: 'evidence waits for its number' });
    expect(await gauge('sigill_ledger_waiting_seconds')).toBe('71');
    expect(written).toEqual(['error evidence has waited for its number for more than a minute']);
    health.sawWaiting(undefined);
    expect(conditions.read('ledger')).toEqual({ status: 'up' });
  });

  it('is degraded while heads cannot be kept, says so once, and again after an hour', async () => {
    for (let minute = 0; minute <= 70; minute += 1) {
      now = addMs(START, minute * MINUTE_MS);
      health.failed('log', full);
    }
    expect(conditions.read('ledger')).toEqual({ status: 'degraded', message: 'heads cannot be kept' });
    expect(await gauge('sigill_ledger_unkept_seconds')).toBe('4200');
    expect(written).toEqual([
      'error log: no head is signed or kept (full)',
      'error log: no head has been kept for an hour (full)',
    ]);
    health.succeeded('log');
    expect(conditions.read('ledger')).toEqual({ status: 'up' });
    expect(written.at(-1)).toBe('info log: heads are kept again');
  });

  it('names a contradiction between database and folder as such, beside other troubles', async () => {
    health.failed('log', full);
    health.failed('other', new LedgerFault('ahead', 'other'));
    expect(conditions.read('ledger')).toEqual({ status: 'degraded', message: 'kept heads contradict the database' });
    expect(await gauge('sigill_ledger_contradictions')).toBe('1');
    health.succeeded('other');
    expect(conditions.read('ledger')).toEqual({ status: 'degraded', message: 'heads cannot be kept' });
  });

  it('takes no other error for one of its own', () => {
    expect(() => health.failed('log', new Error('the database cannot be reached'))).toThrow('cannot be reached');
    expect(conditions.read('ledger')).toEqual({ status: 'up' });
  });
});
