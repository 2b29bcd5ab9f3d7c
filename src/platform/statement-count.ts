import { AsyncLocalStorage } from 'node:async_hooks';

/** What one request (or one round of a worker) sent to the database. */
export interface StatementCount {
  statements: number;
  commits: number;
}

const WRITES = /\b(?:insert\s+into|delete\s+from|update\s+\w+\s+(?:\w+\s+)?set)\b/i;

const counts = new AsyncLocalStorage<StatementCount | undefined>();

/** Runs `work` and counts the statements that it and all it awaits send, BEGIN and COMMIT included; without a count, it does not. */
export function countingStatements<T>(count: StatementCount | undefined, work: () => T): T {
  return counts.run(count, work);
}

/**
 * Counts one statement as it goes to PostgreSQL.
 * @param place outside a transaction a statement that writes is a transaction of its own, and its end a commit
 */
export function countStatement(sql: string, place: 'alone' | 'in-transaction'): void {
  const count = counts.getStore();
  if (!count) return;
  count.statements += 1;
  if (place === 'alone' ? WRITES.test(sql) : sql === 'COMMIT') count.commits += 1;
}
