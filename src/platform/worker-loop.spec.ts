import { Logger } from '@nestjs/common';
import { WorkerLoop } from './worker-loop.ts';

const LONG_MS = 3_600_000;

/** Resolves each time the job begins; the job ends when it is told to. */
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
    const loop = new WorkerLoop('test', LONG_MS, job.run);
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
    const loop = new WorkerLoop('test', LONG_MS, job.run);
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
    const loop = new WorkerLoop('test', 1, job.run);
    loop.start();
    await job.begun;
    job.end(new Error('the database is away'));
    await job.begun;
    expect(job.runs).toBe(2);
    job.end();
    await loop.stop();
  });

  it('does not run before it is started or after it is stopped, and stops only when the run under way has ended', async () => {
    const job = controlledJob();
    const loop = new WorkerLoop('test', LONG_MS, job.run);
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
