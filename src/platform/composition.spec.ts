import { compose, step } from './composition.ts';
import type { Scope } from './database.ts';
import { text } from './rows.ts';

/** Answers every statement with these rows, and remembers it. */
function scopeWith(...records: Record<string, unknown>[]) {
  const sent: { sql: string; params: readonly unknown[] }[] = [];
  const scope: Scope = {
    query: (sql, params) => {
      sent.push({ sql, params });
      return Promise.resolve({ records, affected: records.length });
    },
  };
  return { scope, sent };
}

const first = step<{ id: string; at: Date }>('first', 'insert into a (id, at) select $id::uuid, $at returning id');
const second = step<{ id: string; key_2: string | null }>('second', 'update b set key = $key_2 where id = $id');
const composed = compose([first, second], 'select id from first');

describe('a statement that modules compose', () => {
  it('numbers its parameters by name: one that two steps name is sent once', async () => {
    const { scope, sent } = scopeWith({ id: 'x' });
    const at = new Date(0);
    expect(await composed.run(scope, { id: 'x', at, key_2: null }, (row) => text(row, 'id'))).toBe('x');
    expect(sent).toEqual([
      {
        sql:
          'with first as (insert into a (id, at) select $1::uuid, $2 returning id),\n' +
          'second as (update b set key = $3 where id = $1)\nselect id from first',
        params: ['x', at, null],
      },
    ]);
  });

  it('is not sent without a parameter: a missing value never becomes null', async () => {
    const { scope, sent } = scopeWith({ id: 'x' });
    const params = { id: 'x', at: new Date(0) } as { id: string; at: Date; key_2: null };
    await expect(composed.run(scope, params, () => undefined)).rejects.toThrow('key_2 is missing');
    expect(sent).toEqual([]);
  });

  it('answers with exactly one row', async () => {
    const params = { id: 'x', at: new Date(0), key_2: null };
    await expect(composed.run(scopeWith().scope, params, () => undefined)).rejects.toThrow('one row');
    const two = scopeWith({ id: 'x' }, { id: 'y' });
    await expect(composed.run(two.scope, params, () => undefined)).rejects.toThrow('one row');
  });
});
