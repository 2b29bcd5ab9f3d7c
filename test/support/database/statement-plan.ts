import { Database } from '../../../src/database/database.ts';
import { openPool } from '../../../src/database/open-database.ts';
import type { Statement } from '../../../src/database/statement.ts';
import { unlisted, type TestDatabase } from './database.ts';

/** What a statement does to tables, as PostgreSQL plans it; names as `schema.table`. */
export interface Touched {
  readonly writes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  readonly indexes: ReadonlySet<string>;
  /** Tables, or their indexes, that are looked through as a whole even where PostgreSQL is told to avoid it. */
  readonly scans: readonly string[];
}

/** A node of a plan, as far as it is read here (PostgreSQL, EXPLAIN in JSON with VERBOSE). */
interface PlanNode {
  readonly 'Node Type': string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  /** Children, subplans and CTEs alike. */
  readonly Plans?: readonly PlanNode[];
}

/**
 * Plans `sql` for parameters of any value, without running it.
 * @throws what PostgreSQL refuses: an unknown column, a parameter without a type, a right that the login lacks
 */
export async function planStatement(database: Database, sql: Statement): Promise<Touched> {
  const records = await database.inTransaction(async (tx) => {
    // What an empty table makes cheap says nothing of a full one: whatever has an index is to use it.
    await tx.query(unlisted('set local enable_seqscan = off'), [], 'each-time');
    return (await tx.query(unlisted(`explain (generic_plan, verbose, format json) ${sql}`), [], 'each-time')).records;
  });
  const [{ Plan: top }] = records[0]?.['QUERY PLAN'] as readonly [{ readonly Plan: PlanNode }];
  const touching = nodesOf(top).filter((node) => node['Relation Name'] !== undefined);
  const tables = (nodes: readonly PlanNode[]): ReadonlySet<string> =>
    new Set(nodes.map((node) => `${node.Schema ?? ''}.${node['Relation Name'] ?? ''}`));
  return {
    writes: tables(touching.filter((node) => node['Node Type'] === 'ModifyTable')),
    reads: tables(touching.filter((node) => node['Node Type'] !== 'ModifyTable')),
    indexes: new Set(nodesOf(top).flatMap((node) => node['Index Name'] ?? [])),
    scans: scansOf(top).map((node) => node['Relation Name'] ?? node['Index Name'] ?? ''),
  };
}

/** Statements of other logins than the service's: of the eraser, who carries out, and of the person who decides. */
export const otherLogins: Readonly<Record<string, 'eraserUrl' | 'approverUrl'>> = {
  'rights.carryOut': 'eraserUrl',
  'rights.eraseAgain': 'eraserUrl',
  'rights.eraseEndedLogins': 'eraserUrl',
  'rights.insertDecision': 'approverUrl',
};

/** The same with the rights of the login that sends it. */
export async function planAsItsLogin(database: TestDatabase, name: string, sql: Statement): Promise<Touched> {
  const login = otherLogins[name];
  if (!login) return planStatement(database.database, sql);
  const source = await openPool(database[login], 1);
  try {
    return await planStatement(new Database(source), sql);
  } finally {
    await source.destroy();
  }
}

/** Indexes of what waits to be done, partial or of a table of nothing else: however long the history is, they are short. */
const WORK_IN_HAND: ReadonlySet<string> = new Set([
  'sign_order_collecting',
  'sign_order_unsettled',
  'sign_order_set_aside',
  'consent_expiring',
  'consent_of_open_request',
  'login_expiring',
  'backchannel_request_to_ping',
  'ledger_pending_in_order',
  'steward_waiting_in_order',
]);

/** The nodes of a plan that look through a whole table or index: neither by a condition, nor until enough rows are found. */
function scansOf(node: PlanNode, isLimited = false): readonly PlanNode[] {
  const below = (node.Plans ?? []).flatMap((child) => scansOf(child, node['Node Type'] === 'Limit'));
  return isScan(node, isLimited) ? [node, ...below] : below;
}

function isScan(node: PlanNode, isLimited: boolean): boolean {
  switch (node['Node Type']) {
    case 'Seq Scan':
      return true;
    case 'Index Scan':
    case 'Index Only Scan':
      return !isLimited && isWhole(node);
    case 'Bitmap Index Scan':
      return isWhole(node);
    default:
      return false;
  }
}

function isWhole(node: PlanNode): boolean {
  return node['Index Cond'] === undefined && !WORK_IN_HAND.has(node['Index Name'] ?? '');
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
