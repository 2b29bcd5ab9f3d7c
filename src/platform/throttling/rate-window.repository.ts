import { execute, maybeRow, type Scope } from '../database.ts';
import { int } from '../rows.ts';

/**
 * Adds what an instance asks for, and gives the sum of what all have asked for in the window. An instance whose clock is behind
 * counts in the newer window.
 */
export async function addTaken(scope: Scope, keyHash: Buffer, windowStart: Date, asked: number): Promise<number> {
  const taken = await maybeRow(
    scope,
    `insert into rate_window as w (key_hash, window_start, taken) values ($1, $2, $3)
     on conflict (key_hash) do update
        set taken = case when w.window_start < excluded.window_start then excluded.taken else w.taken + excluded.taken end,
            window_start = greatest(w.window_start, excluded.window_start)
     returning taken`,
    [keyHash, windowStart, asked],
    (row) => int(row, 'taken'),
  );
  if (taken === undefined) throw new TypeError('an upsert gives a row');
  return taken;
}

/** Deletes the windows of all callers that began before `start`. */
export async function deleteWindowsBefore(scope: Scope, start: Date): Promise<void> {
  await execute(scope, 'delete from rate_window where window_start < $1', [start]);
}
