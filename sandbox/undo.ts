/** Ends what was started, in the opposite order, also where one of the ends fails. */
export class Undo {
  readonly #ends: (() => unknown)[] = [];
  #isInterrupted = false;
  #ending: Promise<void> = Promise.resolve();

  later(end: () => unknown): void {
    this.#ends.push(end);
  }

  /**
   * Waits for what is being started, and keeps the function that ends it.
   * @throws Error when the start was interrupted meanwhile: what has begun is kept for {@link all}, and nothing further begins
   */
  async started<T>(starting: Promise<T>, end: (started: T) => unknown): Promise<T> {
    const started = await starting;
    this.later(() => end(started));
    if (this.#isInterrupted) throw new Error('the start was interrupted');
    return started;
  }

  /** Lets nothing further begin. */
  interrupt(): void {
    this.#isInterrupted = true;
  }

  /** Ends all of it. Two calls at once both wait until all has ended. */
  all(): Promise<void> {
    this.#ending = this.#ending.then(() => this.#endAll());
    return this.#ending;
  }

  async #endAll(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`while stopping: ${error instanceof Error ? error.message : 'unknown'}\n`);
      }
    }
  }
}

/** Both, or the first failure once both have settled: nothing is still starting when it is reported. */
export async function bothStarted<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
