import { RecentTopics } from './recent-topics.ts';

describe('what was announced lately', () => {
  it('is known to be later than a mark made before, and not than one made after', () => {
    const recent = new RecentTopics();
    const before = recent.mark();
    recent.add('a');
    const after = recent.mark();
    expect([recent.isAfter(before, 'a'), recent.isAfter(after, 'a')]).toEqual([true, false]);
    expect([recent.isAfter(before, 'b'), recent.isAfter(after, 'b')]).toEqual([false, false]);
  });

  it('is still known after one forgetting', () => {
    const recent = new RecentTopics();
    const before = recent.mark();
    recent.add('a');
    recent.add('b');
    recent.forget();
    const since = recent.mark();
    expect([recent.isAfter(before, 'a'), recent.isAfter(before, 'c'), recent.isAfter(since, 'a')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('may have been anything for a mark that is older than what is known', () => {
    const recent = new RecentTopics();
    const before = recent.mark();
    recent.add('a');
    recent.forget();
    recent.forget();
    expect(recent.isAfter(before, 'b')).toBe(true);
    expect(recent.isAfter(recent.mark(), 'a')).toBe(false);
  });
});
