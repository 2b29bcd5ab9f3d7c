import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metrics } from './metrics.ts';

/** The number of statements that one request, or one run of a worker, sent to the database. */
export interface StatementCount {
  statements: number;
}

const counts = new AsyncLocalStorage<StatementCount | undefined>();

/** Runs `work` and counts the statements that it and all it awaits send, including BEGIN and COMMIT; `undefined` counts nothing. */
export function countingStatements<T>(count: StatementCount | undefined, work: () => T): T {
  return counts.run(count, work);
}

/** Counts one statement as it goes to PostgreSQL. */
export function countStatement(): void {
  const count = counts.getStore();
  if (count) count.statements += 1;
}

/** Adds the statements of `work` to the metric of `route`: the pattern of a route, or `worker` and its name. */
export async function countedStatements<T>(metrics: Metrics, route: string, work: () => Promise<T>): Promise<T> {
  const count: StatementCount = { statements: 0 };
  try {
    return await countingStatements(count, work);
  } finally {
    recordStatements(metrics, route, count);
  }
}

export function recordStatements(metrics: Metrics, route: string, { statements }: StatementCount): void {
  metrics.count('sigill_sql_statements_total', 'SQL statements sent, BEGIN and COMMIT included', { route }, statements);
}
