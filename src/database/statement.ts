import type { Brand } from '../kernel/brand.ts';

/** SQL in the list of all statements of the service. Only {@link statement} makes it, when its module is loaded. */
export type Statement = Brand<string, 'Statement'>;

const statements = new Map<string, Statement>();

/**
 * Puts `sql` into the list of all statements, from which a test has PostgreSQL plan every one on the migrated schema.
 * @param name `<module>.<function>`
 * @throws Error when the name is taken
 */
export function statement(name: `${string}.${string}`, sql: string): Statement {
  if (statements.has(name)) throw new Error(`two statements are named ${name}`);
  const listed = sql as Statement;
  statements.set(name, listed);
  return listed;
}

/** The statements of all modules that have been loaded, by name. */
export function listedStatements(): ReadonlyMap<string, Statement> {
  return statements;
}
