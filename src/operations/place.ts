/**
 * A request in hand. It is in hand until its answer is sent and its work is done: a caller who hangs up does not end the work.
 * While it waits for its caller, it leaves its place to others.
 */
export class Place {
  readonly #take: () => void;
  readonly #free: () => void;
  #holders = 0;
  #isTaken = false;

  /**
   * Takes a place.
   * @param take counts it. @throws DomainError where there is no place
   * @param free takes it out of the count
   */
  constructor(take: () => void, free: () => void) {
    this.#take = take;
    this.#free = free;
    this.hold().takeAgain();
  }

  hold(): this {
    this.#holders += 1;
    return this;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.leave();
  }

  /** Gives the place up while the request waits for its caller, so that slow callers, however many, keep no place from others. */
  leave(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#free();
  }

  /** @throws DomainError where there is no place any more */
  takeAgain(): void {
    if (this.#isTaken || this.#holders === 0) return;
    this.#take();
    this.#isTaken = true;
  }
}
