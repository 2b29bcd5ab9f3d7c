import { countingStatements, countStatement } from './statement-count.ts';

describe('the count of statements', () => {
  it('is of what the work and all it awaits have sent, and of no other work', async () => {
    const [one, other] = [{ statements: 0 }, { statements: 0 }];
    const send = async (statements: number): Promise<void> => {
      for (let n = 0; n < statements; n += 1) {
        countStatement();
        await Promise.resolve();
      }
    };
    countStatement();
    await Promise.all([countingStatements(one, () => send(3)), countingStatements(other, () => send(1))]);
    countStatement();
    expect([one, other]).toEqual([{ statements: 3 }, { statements: 1 }]);
  });
});
