import { AsyncLocalStorage } from 'node:async_hooks';

/** What one request (or one round of a worker) sent to the database. */
export interface StatementCount {
  statements: number;
  commits: number;
}

const counts = new AsyncLocalStorage<StatementCount>();

/** Runs `work` and counts the statements that it and all it awaits send, BEGIN and COMMIT included. */
export function countingStatements<T>(count: StatementCount, work: () => T): T {
  return counts.run(count, work);
}

export function countStatement(sql: string): void {
  const count = counts.getStore();
  if (!count) return;
  count.statements += 1;
  if (sql === 'COMMIT') count.commits += 1;
}
