import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { pino } from 'pino';
import { DatabaseBusyError } from './database-errors.ts';
import { Gathering } from './gathering.ts';
import { Metrics } from './metrics.ts';
import { requestLog } from './logging/request-log.ts';
import { requestScope } from './request-scope.ts';
import { countingStatements, countStatement, type StatementCount } from './statement-count.ts';

/** Gathers questions of numbers; `asked` says which were asked together. A question of 13 cannot be answered. */
function gathering() {
  const asked: (readonly number[])[] = [];
  const gathered = new Gathering<number, string>(async (questions) => {
    asked.push(questions);
    countStatement('select', 'alone');
    await Promise.resolve();
    if (questions.includes(13)) throw new Error('no answer to 13');
    return questions.map((question) => `answer to ${question}`);
  });
  return { gathered, asked };
}

describe('questions gathered into one statement', () => {
  it('get each its own answer, and those that come together are asked together', async () => {
    const { gathered, asked } = gathering();
    expect(await Promise.all([1, 2, 3].map((n) => gathered.ask(n)))).toEqual([
      'answer to 1',
      'answer to 2',
      'answer to 3',
    ]);
    expect(await gathered.ask(4)).toBe('answer to 4');
    expect(asked).toEqual([[1, 2, 3], [4]]);
  });

  it('are never more than 64 at once', async () => {
    const { gathered, asked } = gathering();
    const numbers = Array.from({ length: 150 }, (_, n) => n + 100);
    expect(await Promise.all(numbers.map((n) => gathered.ask(n)))).toEqual(numbers.map((n) => `answer to ${n}`));
    expect(asked.map(({ length }) => length)).toEqual([64, 64, 22]);
  });

  it('do not fail with their neighbour, and the next are asked', async () => {
    const { gathered } = gathering();
    const settled = await Promise.allSettled([1, 13, 2].map((n) => gathered.ask(n)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: { message: 'no answer to 13' } });
    expect(await gathered.ask(5)).toBe('answer to 5');
  });

  it('all fail, and are not asked one by one, while the database is busy', async () => {
    let asked = 0;
    const gathered = new Gathering<number, string>(() => {
      asked += 1;
      return Promise.reject(new DatabaseBusyError(undefined));
    });
    const settled = await Promise.allSettled(Array.from({ length: 64 }, (_, n) => gathered.ask(n)));
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toBe(1);
  });

  it('are not held up by one that waits for a lock', async () => {
    let unlock: () => void = () => undefined;
    const locked = new Promise<void>((resolve) => (unlock = resolve));
    const gathered = new Gathering<string, string>(async (questions) => {
      if (questions.includes('locked')) await locked;
      return questions.map((question) => `answer to ${question}`);
    });
    const waiting = gathered.ask('locked');
    expect(await new Promise((resolve) => setImmediate(() => resolve(gathered.ask('free'))))).toBe('answer to free');
    unlock();
    expect(await waiting).toBe('answer to locked');
    expect(await gathered.ask('later')).toBe('answer to later');
  });

  it('are counted as what they are: one statement, by one of those that it answers', async () => {
    const { gathered } = gathering();
    const counts: StatementCount[] = [1, 2, 3].map(() => ({ statements: 0, commits: 0 }));
    await Promise.all(counts.map((count, n) => countingStatements(count, () => gathered.ask(n))));
    expect(counts.map(({ statements }) => statements)).toEqual([1, 0, 0]);
    const later: StatementCount = { statements: 0, commits: 0 };
    await countingStatements(later, () => gathered.ask(4));
    expect(later.statements).toBe(1);
  });
});

describe('questions of callers who hang up', () => {
  it('are not asked, and those of the others are', async () => {
    const { gathered, asked } = gathering();
    const hangUp = new Map<number, () => void>();
    const ask = (n: number): Promise<PromiseSettledResult<string>> => {
      const response = Object.assign(new EventEmitter(), { setHeader: () => undefined, writableFinished: false });
      hangUp.set(n, () => response.emit('close'));
      const request = { method: 'POST', path: '/introspect', headers: {} };
      const scope = requestScope(requestLog(pino({ enabled: false })), new Metrics());
      return new Promise((resolve) => {
        scope(request as Request, response as unknown as Response, () => {
          resolve(Promise.allSettled([gathered.ask(n)]).then(([settled]) => settled));
        });
      });
    };
    const answers = [1, 2, 3].map(ask);
    hangUp.get(2)?.();
    const settled = await Promise.all(answers);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(asked).toEqual([[1, 3]]);
  });
});
