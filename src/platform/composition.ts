import type { Scope } from './database.ts';
import type { Row } from './rows.ts';

/**
 * One step of a statement that several modules make together: a WITH query that its own module writes, under the name by which
 * later steps read it. Its parameters stand in the text by name, `$now`: values never do.
 */
export interface Step<P extends object> {
  readonly name: string;
  readonly sql: string;
  /** What it must be given: a type only, never a value. */
  readonly params?: (params: P) => void;
}

/** Steps put together: one statement, and so one transaction where it is sent to the pool. All of it happens, or none. */
export class Composition<P extends object> {
  readonly #sql: string;
  readonly #names: readonly string[];

  constructor(sql: string, names: readonly string[]) {
    this.#sql = sql;
    this.#names = names;
  }

  /** The one row that it answers with. @throws when there are none or several: that is a bug */
  async run<T>(scope: Scope, params: P, parseRow: (row: Row) => T): Promise<T> {
    const [row, ...more] = await this.list(scope, params);
    if (!row || more.length > 0) throw new TypeError('this composition answers with one row');
    return parseRow(row);
  }

  /** All rows that it answers with. */
  async list(scope: Scope, params: P): Promise<readonly Row[]> {
    const given = params as Readonly<Record<string, unknown>>;
    const { records } = await scope.query(
      this.#sql,
      this.#names.map((name) => valueOf(given, name)),
    );
    return records;
  }
}

/** @see {@link Step} */
export function step<P extends object>(name: string, sql: string): Step<P> {
  return { name, sql };
}

/**
 * Puts steps together, once for all. All see the tables as they were when the statement began; a step that reads another one
 * happens after it.
 * @param answer the select at the end; it has no parameters of its own
 */
export function compose<S extends readonly Step<never>[]>(steps: S, answer: string): Composition<ParamsOf<S>> {
  const names: string[] = [];
  const text = `with ${steps.map(({ name, sql }) => `${name} as (${sql})`).join(',\n')}\n${answer}`;
  const numbered = text.replaceAll(/\$([a-z][a-z0-9_]*)/g, (_match, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return new Composition(numbered, names);
}

/** What all steps together must be given. */
type ParamsOf<S extends readonly Step<never>[]> = Intersection<
  { [K in keyof S]: S[K] extends Step<infer P> ? (params: P) => void : never }[number]
> &
  object;

type Intersection<U> = [U] extends [(params: infer P) => void] ? P : never;

function valueOf(params: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = params[name];
  if (value === undefined) throw new TypeError(`the parameter ${name} is missing`);
  return value;
}
