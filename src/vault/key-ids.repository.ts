import { rows, type Scope } from '../database/database.ts';
import { optionalInstant, text } from '../database/rows.ts';
import { statement, type Statement } from '../database/statement.ts';

/** A key id that rows name, and the time of the newest such row; undefined if the table has no such time. */
export interface NamedKey {
  readonly keyId: string;
  readonly newest: Date | undefined;
}

/** Where a table names keys. An index has exactly these expressions, in this order, under this condition. */
export interface KeyIdIndex {
  readonly table: string;
  readonly keyId: string;
  readonly at?: string;
  readonly where?: string;
}

/** The key id in a keyed hash: length ‖ id ‖ 32 bytes (`Envelope.lookupHash`). The expression of the `…_lookup_key` indexes in the migrations. */
export function keyIdOf(column: string): string {
  return `encode(substring(${column} from 2 for greatest(octet_length(${column}) - 33, 0)), 'escape')`;
}

/**
 * The statement that finds every key id that a table names, for {@link findNamedKeys}. It takes one step in the index per id, from
 * the last to the first, however many rows name it: PostgreSQL's `distinct` would read the whole index.
 */
export function namedKeys(name: `${string}.${string}`, { table, keyId, at, where = 'true' }: KeyIdIndex): Statement {
  const columns = `${keyId} as key_id, ${at ?? 'null::timestamptz'} as newest`;
  const order = `${keyId} desc${at === undefined ? '' : `, ${at} desc`}`;
  return statement(
    name,
    `with recursive named as (
     (select ${columns} from ${table} where ${where} order by ${order} limit 1)
     union all
     select before.key_id, before.newest from named
      cross join lateral (select ${columns} from ${table} where ${where} and ${keyId} < named.key_id
                           order by ${order} limit 1) before
   )
   select key_id, newest from named`,
  );
}

/** The keys of the evidence ring under which data keys are wrapped. */
export const NAMED_EVIDENCE_KEYS = namedKeys('vault.findNamedEvidenceKeys', { table: 'data_key', keyId: 'kek_id' });

/** Every key id that the table names. */
export function findNamedKeys(scope: Scope, named: Statement): Promise<NamedKey[]> {
  return rows(scope, named, [], (row) => ({ keyId: text(row, 'key_id'), newest: optionalInstant(row, 'newest') }));
}
