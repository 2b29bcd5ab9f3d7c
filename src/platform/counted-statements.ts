import type { Metrics } from './metrics.ts';
import { countingStatements, type StatementCount } from './statement-count.ts';

/** Adds what `work` sends to the database to the figures of `route`: the pattern of a route, or `worker` and its name. */
export async function countedStatements<T>(metrics: Metrics, route: string, work: () => Promise<T>): Promise<T> {
  const count: StatementCount = { statements: 0, commits: 0 };
  try {
    return await countingStatements(count, work);
  } finally {
    recordStatements(metrics, route, count);
  }
}

export function recordStatements(metrics: Metrics, route: string, { statements, commits }: StatementCount): void {
  metrics.count('sigill_sql_statements_total', 'SQL statements sent, BEGIN and COMMIT included', { route }, statements);
  metrics.count(
    'sigill_sql_commits_total',
    'Transactions committed: explicit ones, and statements of their own that write',
    { route },
    commits,
  );
}
