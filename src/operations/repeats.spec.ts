import { jest } from '@jest/globals';
import { Repeats } from './repeats.ts';

const INTERVAL_MS = 10_000;

let summaries: string[];
let repeats: Repeats;

beforeEach(() => {
  jest.useFakeTimers();
  summaries = [];
  repeats = new Repeats((kind, count) => summaries.push(`${kind} ${count}`));
});
afterEach(() => jest.useRealTimers());

/** How many of `times` lines are written. */
function write(times: number, kind = 'flood', burst?: number): number {
  return Array.from({ length: times }, () => repeats.admits(kind, burst)).filter(Boolean).length;
}

describe('lines that repeat', () => {
  it('are written once at once, and counted once an interval while they go on', () => {
    expect(write(1)).toBe(1);
    expect(write(4_999)).toBe(0);
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(write(300)).toBe(0);
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(summaries).toEqual(['flood 4999', 'flood 300']);
  });

  it('are written again when they have become rare', () => {
    write(50);
    jest.advanceTimersByTime(2 * INTERVAL_MS);
    expect(write(1)).toBe(1);
    expect(summaries).toEqual(['flood 49']);
  });

  it('of a kind that is looked for one by one are all written up to its burst', () => {
    expect(write(120, 'refusal', 100)).toBe(100);
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(summaries).toEqual(['refusal 20']);
  });

  it('do not suppress another kind', () => {
    write(50);
    expect(write(1, 'another')).toBe(1);
  });

  it('are counted apart up to a limit: beyond it, kinds that a caller makes up are counted together', () => {
    const kinds = Array.from({ length: 2_000 }, (_, index) => `kind-${index}`);
    expect(kinds.filter((kind) => repeats.admits(kind)).length).toBe(501);
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(summaries).toEqual(['other 1499']);
  });

  it('that have ended keep no timer', () => {
    write(2);
    jest.advanceTimersByTime(2 * INTERVAL_MS);
    expect(jest.getTimerCount()).toBe(0);
  });
});
