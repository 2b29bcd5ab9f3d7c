import { SeldomTold } from './seldom-told.ts';

const at = (ms: number): Date => new Date(1_800_000_000_000 + ms);

describe('what is told once a minute', () => {
  it('is told the first time, and again when the minute is over', () => {
    const seldom = new SeldomTold(60_000);
    expect([0, 1, 59_999, 60_000, 60_001].map((ms) => seldom.admits('a', at(ms)))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it('is told of each name', () => {
    const seldom = new SeldomTold(60_000);
    expect(['a', 'b', 'a', 'b'].map((name) => seldom.admits(name, at(0)))).toEqual([true, true, false, false]);
  });

  it('is told again where it could not be told', () => {
    const seldom = new SeldomTold(60_000);
    seldom.admits('a', at(0));
    seldom.forget('a');
    expect(seldom.admits('a', at(1))).toBe(true);
  });

  it('keeps no more than a thousand names, and forgets the oldest', () => {
    const seldom = new SeldomTold(60_000);
    for (let name = 0; name <= 1000; name += 1) seldom.admits(String(name), at(name));
    expect(['1', '1000', '0'].map((name) => seldom.admits(name, at(1001)))).toEqual([false, false, true]);
  });
});
