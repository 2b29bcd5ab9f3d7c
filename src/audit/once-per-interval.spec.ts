import { OncePerInterval } from './once-per-interval.ts';

const at = (ms: number): Date => new Date(1_800_000_000_000 + ms);

describe('a name that is admitted once a minute', () => {
  it('is admitted the first time, and again when the minute is over', () => {
    const once = new OncePerInterval(60_000);
    expect([0, 1, 59_999, 60_000, 60_001].map((ms) => once.admits('a', at(ms)))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it('does not keep another name out', () => {
    const once = new OncePerInterval(60_000);
    expect(['a', 'b', 'a', 'b'].map((name) => once.admits(name, at(0)))).toEqual([true, true, false, false]);
  });

  it('is admitted again after a failure', () => {
    const once = new OncePerInterval(60_000);
    once.admits('a', at(0));
    once.readmit('a');
    expect(once.admits('a', at(1))).toBe(true);
  });

  it('is one of a thousand at most: beyond them the oldest is dropped', () => {
    const once = new OncePerInterval(60_000);
    for (let name = 0; name <= 1000; name += 1) once.admits(String(name), at(name));
    expect(['1', '1000', '0'].map((name) => once.admits(name, at(1001)))).toEqual([false, false, true]);
  });
});
