import { AsyncLocalStorage } from 'node:async_hooks';

/** What one request (or one round of a worker) sent to the database. */
export interface StatementCount {
  statements: number;
}

const counts = new AsyncLocalStorage<StatementCount | undefined>();

/** Runs `work` and counts the statements that it and all it awaits send, BEGIN and COMMIT included; without a count, it does not. */
export function countingStatements<T>(count: StatementCount | undefined, work: () => T): T {
  return counts.run(count, work);
}

/** Counts one statement as it goes to PostgreSQL. */
export function countStatement(): void {
  const count = counts.getStore();
  if (count) count.statements += 1;
}
