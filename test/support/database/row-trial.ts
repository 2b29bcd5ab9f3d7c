import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './database.ts';

export type Cells = Readonly<Record<string, unknown>>;

/** Whether the database would keep a row, by what the row is in itself: no other table need know it. */
export class RowTrial {
  readonly #database: TestDatabase;
  readonly #owner: pg.Client;

  private constructor(database: TestDatabase, owner: pg.Client) {
    this.#database = database;
    this.#owner = owner;
  }

  static async open(): Promise<RowTrial> {
    const database = await createTestDatabase();
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query('set session_replication_role = replica');
    return new RowTrial(database, owner);
  }

  /** The row is not kept, whatever the answer. */
  async isKept(table: string, cells: Cells): Promise<boolean> {
    const names = Object.keys(cells);
    await this.#owner.query('begin');
    try {
      await this.#owner.query(
        `insert into ${table} (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
        Object.values(cells),
      );
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== '23514') throw error;
      return false;
    } finally {
      await this.#owner.query('rollback');
    }
  }

  async close(): Promise<void> {
    await this.#owner.end();
    await this.#database.close();
  }
}

/** All ways to choose from lists of cells. */
export function combinations(lists: readonly (readonly Cells[])[]): Cells[] {
  return lists.reduce<Cells[]>(
    (all, list) => all.flatMap((cells) => list.map((more) => ({ ...cells, ...more }))),
    [{}],
  );
}

export function optional(name: string, value: unknown): Cells[] {
  return [{}, { [name]: value }];
}
