import type { Metrics } from './metrics.ts';
import { countingStatements, type StatementCount } from './statement-count.ts';

/** Adds what `work` sends to the database to the figures of `route`: the pattern of a route, or `worker` and its name. */
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
