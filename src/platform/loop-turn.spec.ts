import { AsyncLocalStorage } from 'node:async_hooks';
import { endOfTurn } from './loop-turn.ts';

describe('the end of a turn of the event loop', () => {
  it('comes at once for all who wait for it in the same turn', async () => {
    const seen: string[] = [];
    const one = endOfTurn().then(() => seen.push('one'));
    const arrived = new Promise<void>((resolve) => setImmediate(resolve)).then(() => seen.push('other'));
    const two = endOfTurn().then(() => seen.push('two'));
    await Promise.resolve();
    expect(seen).toEqual([]);
    await Promise.all([one, arrived, two]);
    expect(seen).toEqual(['one', 'two', 'other']);
  });

  it('comes again in the next turn', async () => {
    const first = endOfTurn();
    await first;
    expect(endOfTurn()).not.toBe(first);
    await endOfTurn();
  });

  it('leaves each who waits in his own context', async () => {
    const request = new AsyncLocalStorage<string>();
    const after = async (): Promise<string | undefined> => {
      await endOfTurn();
      return request.getStore();
    };
    expect(await Promise.all(['a', 'b'].map((id) => request.run(id, after)))).toEqual(['a', 'b']);
  });
});
