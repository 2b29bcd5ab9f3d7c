/** Enough for every statement that the repositories hold; a text that is made anew each time would fill the server's memory. */
const MOST = 500;

const names = new Map<string, string>();
let generation = 1;

/**
 * A statement under a name of its own, so that PostgreSQL parses and plans it once per connection. From the five hundredth
 * text on, statements are sent without a name, as if nobody had ever seen them.
 */
export function preparedStatement(sql: string): { readonly text: string; readonly name?: string } {
  const name = names.get(sql) ?? newName(sql);
  return name === undefined ? { text: sql } : { text: sql, name };
}

function newName(sql: string): string | undefined {
  if (names.size >= MOST) return undefined;
  const name = `sigill_${generation}_${names.size + 1}`;
  names.set(sql, name);
  return name;
}

/**
 * Whether `error` says that a migration has changed what a prepared statement gives. Such a statement has done nothing, and never
 * will under its name; from now on all statements have new names, so that an instance outlives the migration of a newer one.
 */
export function forgetOutdated(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { readonly code?: unknown; readonly routine?: unknown };
  if (code !== '0A000' || routine !== 'RevalidateCachedQuery') return false;
  names.clear();
  generation += 1;
  return true;
}
