/** A request in hand. It is in hand until its answer is gone and its work is done: a caller who hangs up does not end the work. */
export class Place {
  readonly #free: () => void;
  #holders = 0;

  /** @param free called once, when nothing holds it any more */
  constructor(free: () => void) {
    this.#free = free;
  }

  hold(): this {
    this.#holders += 1;
    return this;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#free();
  }
}
