import type { JsonObject } from '../../kernel/json.ts';
import { isMisspelling } from '../../kernel/text/misspelling.ts';

/** What is wrong with a value of the document, and what would be right. It never quotes the value. */
export interface ClientFault {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly problem: string;
  /** True: a rule that the JSON Schema of the document cannot express. */
  readonly beyondSchema: boolean;
}

/** Collects the faults of a document, so that all are reported at once. */
export class Faults {
  readonly list: ClientFault[];
  readonly #pointer: string;

  constructor(list: ClientFault[] = [], pointer = '') {
    this.list = list;
    this.#pointer = pointer;
  }

  /** The same list, seen from the member at `pointer`. */
  at(pointer: string): Faults {
    return new Faults(this.list, this.#pointer + pointer);
  }

  /** Records every member that is not one of `known`, with the one that was probably meant. */
  addUnknown(object: JsonObject, known: ReadonlySet<string>): void {
    for (const member of Object.keys(object)) {
      if (known.has(member)) continue;
      const meant = [...known].find((name) => isMisspelling(plain(member), plain(name)));
      this.add(
        `/${escape(member)}`,
        meant === undefined ? `is unknown; known are ${list(known)}` : `is unknown; it is called ${meant}`,
      );
    }
  }

  /** Records that a value is missing or has another form than the right one. Returns an empty value, as {@link add} does. */
  addForm(pointer: string, value: unknown, right: string): '' {
    return this.add(pointer, value === undefined ? `is missing: ${right}` : `must be ${right} (is ${kindOf(value)})`);
  }

  /** Records the fault and returns an empty value, so that parsing can go on; the result of a parse with faults is never used. */
  add(pointer: string, problem: string): '' {
    return this.#push({ pointer: this.#pointer + pointer, problem, beyondSchema: false });
  }

  /** The same for a rule that the JSON Schema cannot express: about other entries, the environment, or what a text means. */
  addBeyondSchema(pointer: string, problem: string): '' {
    return this.#push({ pointer: this.#pointer + pointer, problem, beyondSchema: true });
  }

  #push(fault: ClientFault): '' {
    this.list.push(fault);
    return '';
  }
}

/** The kind of a value, which says what it is without quoting it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return 'a number';
  return Object.keys(value as object).length === 0 ? 'an empty object' : 'an object';
}

/** Spellings differ in capitals, `_` and `-`: `redirect_uris`. */
function plain(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}

/** @see RFC 6901 §3 */
export function escape(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}

function list(known: ReadonlySet<string>): string {
  return [...known].join(', ');
}
