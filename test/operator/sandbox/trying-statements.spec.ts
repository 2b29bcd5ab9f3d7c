import { answerText } from '../../../sandbox/sql/table.ts';
import { tryStatements, type Trial } from '../../../sandbox/sql/try-statements.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const attempt = async (sql: string, changes: Partial<Trial> = {}, url = db.ownerUrl): Promise<string> => {
  const answers = await tryStatements(url, { sql, isKept: false, isExplained: false, ...changes });
  return answers.map(answerText).join('\n');
};
const doesExist = async (table: string): Promise<unknown> =>
  (await db.asOwner('select to_regclass($1) is not null as found', [table]))[0]?.['found'];

describe('a developer who tries statements', () => {
  it('sees the rows of each statement as PostgreSQL writes them', async () => {
    const sql = `create table tree (name text, height numeric, seen timestamptz, bark bytea);
      insert into tree values ('elm', 1.50, '2026-01-02T03:04:05Z', '\\x00ff'), ('oak', null, null, null);
      select *, height as height from tree`;
    expect(await attempt(sql)).toBe(
      [
        'CREATE',
        'INSERT 2',
        'name | height | seen                   | bark   | height',
        '-----+--------+------------------------+--------+-------',
        'elm  | 1.50   | 2026-01-02 03:04:05+00 | \\x00ff | 1.50',
        'oak  | null   | null                   | null   | null',
        '(2 rows)',
      ].join('\n'),
    );
  });

  it.each([
    ['says nothing of it', 'create table tried_out (a int)'],
    ['commits by itself', 'create table tried_out (a int); commit'],
    ['commits and goes on', 'create table tried_out (a int); commit; create table tried_out (a int)'],
    ['rolls back and goes on', 'select 1; rollback; create table tried_out (a int)'],
    ['rolls back and begins anew', 'rollback; begin; create table tried_out (a int); commit'],
    ['fails half-way', 'create table tried_out (a int); select 1 / 0'],
  ])('keeps nothing without --commit, where the text %s', async (_what, sql) => {
    await attempt(sql).catch(() => undefined);
    expect(await doesExist('tried_out')).toBe(false);
  });

  it('is told that a COMMIT among the statements needs --commit', async () => {
    await expect(attempt('create table tried_out (a int); commit')).rejects.toThrow('needs --commit');
  });

  it('keeps all of them with --commit, or none where one fails', async () => {
    await expect(attempt('create table half (a int); select 1 / 0', { isKept: true })).rejects.toThrow(
      'division by zero',
    );
    expect(await doesExist('half')).toBe(false);
    await attempt('create table kept (a int); insert into kept values (1)', { isKept: true });
    expect(await attempt('select * from kept')).toContain('(1 row)');
  });

  it('sees the plan of a statement whose values are still open', async () => {
    const plan = await attempt('select state from consent where id = $1', { isExplained: true });
    expect(plan).toContain('Index Cond: (id = $1)');
  });

  it('may only do as the service what the service may do', async () => {
    expect(await attempt('select count(*) from evidence', {}, db.url)).toContain('(1 row)');
    await expect(attempt('delete from evidence', {}, db.url)).rejects.toThrow('permission denied');
  });
});
