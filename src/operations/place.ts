/**
 * The place of a request in hand, held until its answer is sent and its work is done: hanging up does not end the work.
 * While the request waits for its caller, others may have its place.
 */
export class Place {
  readonly #take: () => void;
  readonly #free: () => void;
  #holders = 0;
  #isTaken = false;

  /**
   * Takes a place.
   * @param take counts it. @throws DomainError if no place is free
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

  /** Gives the place up while the request waits for its caller, so that slow callers take no places from others. */
  leave(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#free();
  }

  /** @throws DomainError if no place is free any more */
  takeAgain(): void {
    if (this.#isTaken || this.#holders === 0) return;
    this.#take();
    this.#isTaken = true;
  }
}
