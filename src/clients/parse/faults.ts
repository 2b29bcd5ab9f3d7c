import type { JsonObject } from '../../kernel/json.ts';

/** Collects the faults of a document, so that all are reported at once. */
export class Faults {
  readonly list: string[];
  readonly #pointer: string;

  constructor(list: string[] = [], pointer = '') {
    this.list = list;
    this.#pointer = pointer;
  }

  /** The same list, seen from the member at `pointer`. */
  at(pointer: string): Faults {
    return new Faults(this.list, this.#pointer + pointer);
  }

  /** Records every member that is not one of `known`. */
  addUnknown(object: JsonObject, known: ReadonlySet<string>): void {
    for (const member of Object.keys(object)) if (!known.has(member)) this.add(`/${member}`, 'is unknown');
  }

  /** Records the fault and returns an empty value, so that parsing can go on; the result of a parse with faults is never used. */
  add(pointer: string, problem: string): '' {
    this.list.push(`${this.#pointer}${pointer} ${problem}`);
    return '';
  }
}
