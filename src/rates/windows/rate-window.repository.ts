import { execute, maybeRow, type Scope } from '../../database/database.ts';
import { int } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

const ADD_TAKEN = statement(
  'rates.addTaken',
  `insert into rate_window as w (key_hash, window_start, taken) values ($1, $2, $3)
   on conflict (key_hash) do update
      set taken = case when w.window_start < excluded.window_start then excluded.taken else w.taken + excluded.taken end,
          window_start = greatest(w.window_start, excluded.window_start)
   returning taken`,
);

/**
 * Adds what an instance draws, and returns what all instances have drawn in the window. An instance whose clock is behind
 * counts in the newer window.
 */
export async function addTaken(scope: Scope, keyHash: Buffer, windowStart: Date, drawn: number): Promise<number> {
  const taken = await maybeRow(scope, ADD_TAKEN, [keyHash, windowStart, drawn], (row) => int(row, 'taken'));
  if (taken === undefined) throw new TypeError('the upsert of a rate window returned no row');
  return taken;
}

const DELETE_WINDOWS_BEFORE = statement('rates.deleteWindowsBefore', 'delete from rate_window where window_start < $1');

/** Deletes the windows of all callers that began before `start`. */
export async function deleteWindowsBefore(scope: Scope, start: Date): Promise<void> {
  await execute(scope, DELETE_WINDOWS_BEFORE, [start]);
}
