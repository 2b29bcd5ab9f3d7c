import type { Scope } from '../../src/database/database.ts';
import type { Statement } from '../../src/database/statement.ts';
import { unlisted } from './database.ts';

/** What a statement does to tables, as PostgreSQL plans it; names as `schema.table`. */
export interface Touched {
  readonly writes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
}

/** A node of a plan, as far as it is read here (PostgreSQL, EXPLAIN in JSON with VERBOSE). */
interface PlanNode {
  readonly 'Node Type': string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  /** Children, subplans and CTEs alike. */
  readonly Plans?: readonly PlanNode[];
}

/**
 * Plans `sql` for parameters of any value, without running it.
 * @throws what PostgreSQL refuses: an unknown column, a parameter without a type, a right that the login lacks
 */
export async function planStatement(scope: Scope, sql: Statement): Promise<Touched> {
  const { records } = await scope.query(
    unlisted(`explain (generic_plan, verbose, format json) ${sql}`),
    [],
    'each-time',
  );
  const [{ Plan: top }] = records[0]?.['QUERY PLAN'] as readonly [{ readonly Plan: PlanNode }];
  const touching = nodesOf(top).filter((node) => node['Relation Name'] !== undefined);
  const tables = (nodes: readonly PlanNode[]): ReadonlySet<string> =>
    new Set(nodes.map((node) => `${node.Schema ?? ''}.${node['Relation Name'] ?? ''}`));
  return {
    writes: tables(touching.filter((node) => node['Node Type'] === 'ModifyTable')),
    reads: tables(touching.filter((node) => node['Node Type'] !== 'ModifyTable')),
  };
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
