import { jest } from '@jest/globals';
import { Workers } from '../workers.ts';

const LONG_MS = 60_000;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the workers of an instance', () => {
  it('start together, and none of the shared work is done where the configuration has no workers', async () => {
    const ran: string[] = [];
    const workers = new Workers({ workers: false });
    const add = (name: string, everywhere: boolean): unknown =>
      workers.add({ name, intervalMs: LONG_MS, runOnce: () => Promise.resolve(ran.push(name)), everywhere });
    add('shared', false);
    add('watch', true);
    expect(ran).toEqual([]);
    workers.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1);
    expect(ran).toEqual(['watch']);
    await workers.beforeApplicationShutdown();
  });

  it('are over only when what their last run left to go on is finished', async () => {
    const workers = new Workers({ workers: true });
    let finish: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let runs = 0;
    const wake = workers.add({
      name: 'one',
      intervalMs: LONG_MS,
      runOnce: () => Promise.resolve((runs += 1)),
      finish: () => left,
    });
    workers.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1);
    wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(runs).toBe(2);
    let isOver = false;
    const over = workers.beforeApplicationShutdown().then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(LONG_MS);
    expect([runs, isOver]).toEqual([2, false]);
    finish();
    await over;
    expect(isOver).toBe(true);
  });

  it('have names of their own, and one alone can be stopped', async () => {
    const workers = new Workers({ workers: true });
    let runs = 0;
    const worker = { name: 'one', intervalMs: 1, runOnce: () => Promise.resolve((runs += 1)) };
    workers.add(worker);
    expect(() => workers.add(worker)).toThrow('two workers are called one');
    await expect(workers.stop('other')).rejects.toThrow('no worker is called other');
    workers.onApplicationBootstrap();
    await workers.stop('one');
    await jest.advanceTimersByTimeAsync(10);
    expect(runs).toBe(0);
  });
});
