/** More than the repositories have. Without the limit, SQL that is built dynamically would fill the server's memory. */
const MAX_STATEMENTS = 500;

const names = new Map<string, string>();
let generation = 1;

/**
 * A statement under a name of its own, so that PostgreSQL parses and plans it once per connection. Beyond
 * {@link MAX_STATEMENTS} texts, statements are sent without a name and are planned each time.
 */
export function preparedStatement(sql: string): { readonly text: string; readonly name?: string } {
  const name = names.get(sql) ?? newName(sql);
  return name === undefined ? { text: sql } : { text: sql, name };
}

function newName(sql: string): string | undefined {
  if (names.size >= MAX_STATEMENTS) return undefined;
  const name = `sigill_${generation}_${names.size + 1}`;
  names.set(sql, name);
  return name;
}

/**
 * Whether `error` says that a migration has changed the columns that a prepared statement returns. That statement has done
 * nothing, and will fail under its name for ever; so all statements get new names, and an instance survives the migration of a
 * newer one.
 */
export function discardOutdatedPlans(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { readonly code?: unknown; readonly routine?: unknown };
  if (code !== '0A000' || routine !== 'RevalidateCachedQuery') return false;
  names.clear();
  generation += 1;
  return true;
}
