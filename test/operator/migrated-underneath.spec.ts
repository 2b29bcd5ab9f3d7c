import { execute, maybeRow, type Scope } from '../../src/database/database.ts';
import { text } from '../../src/database/rows.ts';
import { createTestDatabase, unlisted, type TestDatabase } from '../support/database/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.asOwner('create table thing (id integer primary key, name text not null)');
  await db.asOwner('grant select, insert on thing to sigill_app');
});

afterAll(() => db.close());

const insert = (scope: Scope, id: number): Promise<number> =>
  execute(scope, unlisted(`insert into thing (id, name) values ($1, 'a thing')`), [id]);
const find = (scope: Scope, id: number): Promise<string | undefined> =>
  maybeRow(scope, unlisted('select id, name from thing where id = $1'), [id], (row) => text(row, 'name'));

describe('an instance whose database a newer one migrates', () => {
  it('goes on with its statements', async () => {
    expect(await insert(db.database, 1)).toBe(1);
    expect(await find(db.database, 1)).toBe('a thing');
    await db.asOwner('alter table thing alter column id type bigint');
    expect(await Promise.all([1, 1, 1, 1, 1, 1, 1, 1].map((id) => find(db.database, id)))).toEqual(
      Array.from({ length: 8 }, () => 'a thing'),
    );
    expect(await insert(db.database, 2)).toBe(1);
  });

  it('fails a transaction that was in the way of it, whole, and does the next', async () => {
    const work = (id: number): Promise<string | undefined> =>
      db.database.inTransaction(async (tx) => {
        await insert(tx, id);
        return find(tx, id);
      });
    expect(await work(3)).toBe('a thing');
    await db.asOwner('alter table thing alter column id type numeric');
    await expect(work(4)).rejects.toMatchObject({ code: '0A000' });
    expect(await find(db.database, 4)).toBeUndefined();
    expect(await work(4)).toBe('a thing');
  });
});
