import { DomainError } from '../../kernel/errors.ts';
import { isText } from '../../kernel/json.ts';

/** The parameters of a request, each at most once and never empty. */
export class Form {
  readonly #values: ReadonlyMap<string, string>;
  readonly #names: ReadonlySet<string>;

  private constructor(values: ReadonlyMap<string, string>, names: ReadonlySet<string>) {
    this.#values = values;
    this.#names = names;
  }

  /**
   * Reads `application/x-www-form-urlencoded` text: a form body or a query.
   * @throws DomainError `oauth.invalid-request` for a repeated parameter (RFC 6749 §3.1, §3.2)
   */
  static parse(text: string): Form {
    const values = new Map<string, string>();
    const seen = new Set<string>();
    for (const [name, value] of new URLSearchParams(text)) {
      if (seen.has(name)) throw invalid(name, 'This parameter occurs more than once.');
      seen.add(name);
      // A parameter without a value counts as omitted (RFC 6749 §3.1).
      if (value !== '') values.set(name, value);
    }
    return new Form(values, seen);
  }

  /** Parameters from another source than a form; here, too, those without a value count as omitted. */
  static of(entries: readonly (readonly [string, string])[]): Form {
    const names = new Set(entries.map(([name]) => name));
    return new Form(new Map(entries.filter(([, value]) => value !== '')), names);
  }

  /** Whether the parameter occurs, even without a value. */
  isNamed(name: string): boolean {
    return this.#names.has(name);
  }

  find(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws DomainError `oauth.invalid-request` */
  get(name: string): string {
    const value = this.find(name);
    if (value === undefined) throw invalid(name, 'This parameter is missing.');
    return value;
  }

  /** Like {@link get}, for a value that is looked up in the database unchanged. @throws DomainError `oauth.invalid-request` */
  getText(name: string): string {
    const value = this.get(name);
    if (!isText(value)) throw invalid(name, 'This parameter is not text.');
    return value;
  }

  /** All parameters except these, in the order of their names. */
  without(names: readonly string[]): readonly (readonly [string, string])[] {
    const others = [...this.#values].filter(([name]) => !names.includes(name));
    return others.sort(([one], [other]) => (one < other ? -1 : 1));
  }
}

/** `invalid_request` with the pointer of the parameter. Unusual names, which a caller could choose, are never echoed. */
export function invalid(name: string, detail: string): DomainError {
  const pointer = /^[a-z_]{1,40}$/.test(name) ? `/${name}` : '';
  return new DomainError('oauth.invalid-request', { pointer, detail });
}
