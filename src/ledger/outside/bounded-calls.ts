/** How many calls wait for the file system at a time. */
const AT_ONCE = 2;

/**
 * Calls of a file system that may hang, as that of a network does when its server is gone. Each holds one of the process's four threads;
 * with none left, no host name is resolved and nothing is compressed, so that payments stop. Two calls are made at a time, the others
 * wait their turn, and while both hang every further one fails at once.
 */
export class BoundedCalls {
  readonly #waiting = new Set<() => void>();
  #running = 0;
  /** Of those that run: the ones that were given up. */
  #hanging = 0;

  /** @param patienceMs how long a call may take, with its waiting */
  constructor(private readonly patienceMs: number) {}

  /**
   * Makes a call in its turn. One that was given up may still have its effect.
   * @throws Error where it takes too long; what the call throws
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#hanging >= AT_ONCE) throw new Error('the file system hangs');
    return new Promise<T>((resolve, reject) => {
      let [isRunning, isGivenUp] = [false, false];
      const start = (): void => {
        isRunning = true;
        this.#running += 1;
        void call()
          .then(resolve, reject)
          .finally(() => {
            clearTimeout(timer);
            this.#running -= 1;
            if (isGivenUp) this.#hanging -= 1;
            this.#startNext();
          });
      };
      const timer = setTimeout(() => {
        isGivenUp = true;
        this.#waiting.delete(start);
        if (isRunning) this.#hanging += 1;
        reject(new Error('the file system does not answer'));
      }, this.patienceMs);
      this.#waiting.add(start);
      this.#startNext();
    });
  }

  #startNext(): void {
    const [next] = this.#waiting;
    if (!next || this.#running >= AT_ONCE) return;
    this.#waiting.delete(next);
    next();
  }
}
