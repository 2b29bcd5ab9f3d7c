import { AsyncLocalStorage } from 'node:async_hooks';
import { jest } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import { WorkerLoop } from './worker-loop.ts';

const LONG_MS = 3_600_000;

/** Resolves each time the job begins; the test ends the job. */
function controlledJob() {
  let began: () => void = () => undefined;
  let end: (error?: Error) => void = () => undefined;
  const job = {
    runs: 0,
    running: 0,
    begun: new Promise<void>((resolve) => (began = resolve)),
    end: (error?: Error) => end(error),
    run: () => {
      job.runs += 1;
      job.running += 1;
      const result = new Promise<void>((resolve, reject) => {
        end = (error) => {
          job.running -= 1;
          job.begun = new Promise<void>((next) => (began = next));
          if (error) reject(error);
          else resolve();
        };
      });
      began();
      return result;
    },
  };
  return job;
}

describe('a worker loop', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('runs when started, and again when woken, not waiting for the interval', async () => {
    const job = controlledJob();
    const loop = new WorkerLoop({ name: 'test', intervalMs: LONG_MS, runOnce: job.run });
    loop.start();
    await job.begun;
    job.end();
    const again = job.begun;
    await Promise.resolve();
    loop.wake();
    await again;
    job.end();
    await loop.stop();
    expect(job.runs).toBe(2);
  });

  it('never runs twice at the same time: a wake during a run counts afterwards', async () => {
    const job = controlledJob();
    const loop = new WorkerLoop({ name: 'test', intervalMs: LONG_MS, runOnce: job.run });
    loop.start();
    await job.begun;
    loop.wake();
    loop.wake();
    expect(job.running).toBe(1);
    job.end();
    await job.begun;
    expect([job.runs, job.running]).toEqual([2, 1]);
    job.end();
    await loop.stop();
    expect(job.runs).toBe(2);
  });

  it('goes on after a run that failed', async () => {
    const job = controlledJob();
    const loop = new WorkerLoop({ name: 'test', intervalMs: 1, runOnce: job.run });
    loop.start();
    await job.begun;
    job.end(new Error('the database cannot be reached'));
    await job.begun;
    expect(job.runs).toBe(2);
    job.end();
    await loop.stop();
  });

  it('does not run in the name of the request that woke it', async () => {
    const request = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    let ran: () => void = () => undefined;
    const loop = new WorkerLoop({
      name: 'test',
      intervalMs: LONG_MS,
      runOnce: () => {
        seen.push(request.getStore());
        ran();
        return Promise.resolve();
      },
    });
    for (const start of [() => loop.start(), () => loop.wake()]) {
      const done = new Promise<void>((resolve) => (ran = resolve));
      request.run('request', start);
      await done;
      await Promise.resolve();
    }
    await loop.stop();
    expect(seen).toEqual([undefined, undefined]);
  });

  it('goes on at once as long as a run does a whole batch, and then waits for the interval', async () => {
    let left = 25;
    let runs = 0;
    let emptied: () => void = () => undefined;
    const empty = new Promise<void>((resolve) => (emptied = resolve));
    const runOnce = (): Promise<number> => {
      const done = Math.min(10, left);
      [left, runs] = [left - done, runs + 1];
      if (left === 0) emptied();
      return Promise.resolve(done);
    };
    const loop = new WorkerLoop({ name: 'test', intervalMs: LONG_MS, runOnce, batch: 10 });
    loop.start();
    await empty;
    await new Promise((resolve) => setTimeout(resolve, 10));
    await loop.stop();
    expect(runs).toBe(3);
  });

  it('does not run before it is started or after it is stopped, and stops only when the run under way has ended', async () => {
    const job = controlledJob();
    const loop = new WorkerLoop({ name: 'test', intervalMs: LONG_MS, runOnce: job.run });
    loop.wake();
    loop.start();
    await job.begun;
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect(stopped).toBe(false);
    job.end();
    await stopping;
    loop.wake();
    expect(job.runs).toBe(1);
  });
});

describe('a worker loop whose job fails', () => {
  const MINUTE_MS = 60_000;
  const written: string[] = [];
  let runs = 0;
  let trouble: Error | undefined;
  let loop: WorkerLoop;

  beforeEach(() => {
    jest.useFakeTimers();
    written.length = 0;
    const write = (level: string) => (line: unknown) => written.push(`${level} ${JSON.stringify(line)}`);
    const logger = { log: write('info'), warn: write('warn'), error: write('error'), fatal: write('fatal') };
    Logger.overrideLogger(logger satisfies LoggerService);
    [runs, trouble] = [0, new Error('the database cannot be reached')];
    loop = new WorkerLoop({
      name: 'test',
      intervalMs: 500,
      runOnce: () => {
        runs += 1;
        return trouble ? Promise.reject(trouble) : Promise.resolve();
      },
    });
    loop.start();
  });
  afterEach(async () => {
    await loop.stop();
    jest.useRealTimers();
    Logger.overrideLogger(false);
  });

  it('runs ever more rarely, and never more rarely than each five seconds', async () => {
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    const firstMinute = runs;
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(firstMinute).toBeLessThan(30);
    expect(runs - firstMinute).toBeGreaterThanOrEqual(12);
    expect(runs - firstMinute).toBeLessThanOrEqual(24);
  });

  it('is not driven by those who wake it', async () => {
    for (let ms = 0; ms < MINUTE_MS; ms += 10) {
      loop.wake();
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(runs).toBeLessThan(30);
  });

  it('says the same error once with its frames, and then how often it came', async () => {
    await jest.advanceTimersByTimeAsync(5 * MINUTE_MS);
    expect(written.filter((line) => line.includes('stack'))).toHaveLength(1);
    const counts = written.filter((line) => /^warn .*\d+ runs failed/.test(line));
    expect(counts.length).toBe(Math.floor(runs / 15));
    expect(written).toHaveLength(1 + counts.length);
  });

  it('says another error when it comes', async () => {
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    trouble = new TypeError('no such row');
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(written.filter((line) => line.includes('stack'))).toHaveLength(2);
  });

  it('is as before after a success', async () => {
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    const failed = runs;
    trouble = undefined;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written.at(-1)).toBe(`info "test: runs again after ${failed} failures"`);
    const before = runs;
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(runs - before).toBe(120);
    loop.wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(runs - before).toBe(121);
  });
});
