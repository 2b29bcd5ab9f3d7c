import type { Clock } from '../kernel/clock.ts';
import { ClockOffset } from './clock-offset.ts';
import type { ClockRepository } from './clock.repository.ts';
import { Metrics } from '../operations/metrics.ts';
import { Workers } from '../operations/workers.ts';

let nowMs = 1_000_000;
let waitsMs = 0;
let theirsMs = 0;
const clock: Clock = { now: () => new Date(nowMs) };
/** Answers after `waitsMs` by our clock, with its own, which is `theirsMs` ahead. */
const repository = {
  readClock: () => {
    nowMs += waitsMs;
    return Promise.resolve(new Date(nowMs + theirsMs));
  },
} as ClockRepository;
const offset = (): ClockOffset => new ClockOffset(clock, repository, new Metrics(), new Workers({ workers: false }));

describe("how far our clock is from the database's", () => {
  beforeEach(() => {
    [waitsMs, theirsMs] = [0, 0];
  });

  it('is said half way between question and answer', async () => {
    [waitsMs, theirsMs] = [100, -5_000];
    expect(await offset().measureMs()).toBe(4_950);
  });

  it('is not made up of the time that the question waited', async () => {
    waitsMs = 29_000;
    expect(await offset().measureMs()).toBe(0);
  });

  it('stays as it was where a slow answer allows that', async () => {
    const measured = offset();
    theirsMs = -300;
    await measured.measureMs();
    waitsMs = 8_000;
    expect(await measured.measureMs()).toBe(300);
  });

  it('is seen in a slow answer too where it is larger than the wait', async () => {
    [waitsMs, theirsMs] = [4_000, -60_000];
    expect(await offset().measureMs()).toBe(56_000);
  });
});
