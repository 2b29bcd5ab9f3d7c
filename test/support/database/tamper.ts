import pg from 'pg';
import type { TestDatabase } from './database.ts';

/**
 * Changes rows as only the database's owner can: disables the triggers of `table` (foreign keys as well), and enables them again
 * afterwards, so that the changed rows are all that an operator can find.
 * @returns how many rows were changed
 */
export async function tamper(
  database: TestDatabase,
  table: string,
  sql: string,
  params: readonly unknown[] = [],
): Promise<number> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    await owner.query('begin');
    await owner.query(`alter table ${table} disable trigger all`);
    const { rowCount } = await owner.query(sql, [...params]);
    await owner.query(`alter table ${table} enable trigger all`);
    const locks = await owner.query<{ tgname: string }>(
      'select tgname from pg_trigger where tgrelid = $1::regclass and not tgisinternal',
      [table],
    );
    for (const { tgname } of locks.rows) await owner.query(`alter table ${table} enable always trigger ${tgname}`);
    await owner.query('commit');
    return rowCount ?? 0;
  } finally {
    await owner.end();
  }
}
