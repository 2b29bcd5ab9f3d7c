/** Collects what is wrong with a document, so that all of it can be said at once. */
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

  /** Notes the fault and returns an empty value to go on with; the result of a parse with faults is never used. */
  add(pointer: string, problem: string): '' {
    this.list.push(`${this.#pointer}${pointer} ${problem}`);
    return '';
  }
}
