/** Failures of one round, which goes on after each, so that what belongs to one bank holds up no other. */
export class Failures {
  readonly #errors: unknown[] = [];

  /** @returns what the work returns; undefined where it failed */
  async collect<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#errors.push(error);
      return undefined;
    }
  }

  /** At the end of the round. @throws what failed first */
  throwFirst(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
