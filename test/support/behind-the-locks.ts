import pg from 'pg';
import type { TestDatabase } from './database.ts';

/**
 * Runs one statement as the owner can who means it: with the table's triggers off, in one transaction, and on again. What still
 * holds then is what the service itself finds out.
 */
export async function behindTheLocks(
  { ownerUrl }: TestDatabase,
  table: string,
  sql: string,
  params: unknown[] = [],
): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('begin');
    const names = await owner.query<{ name: string }>(
      'select quote_ident(tgname) as name from pg_trigger where tgrelid = $1::regclass and not tgisinternal',
      [table],
    );
    for (const { name } of names.rows) await owner.query(`alter table ${table} disable trigger ${name}`);
    const { rowCount } = await owner.query(sql, params);
    if (rowCount === 0) throw new Error('nothing was changed');
    for (const { name } of names.rows) await owner.query(`alter table ${table} enable always trigger ${name}`);
    await owner.query('commit');
  } finally {
    await owner.end();
  }
}
