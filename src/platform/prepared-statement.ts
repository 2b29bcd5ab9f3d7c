/** Enough for every statement that the repositories hold; a text that is made anew each time would fill the server's memory. */
const MOST = 500;

const names = new Map<string, string>();

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
  const name = `sigill_${names.size + 1}`;
  names.set(sql, name);
  return name;
}
