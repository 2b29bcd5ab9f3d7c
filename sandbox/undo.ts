/** What was started, ended in the opposite order; one failing end does not keep the others from ending. */
export class Undo {
  readonly #ends: (() => unknown)[] = [];

  later(end: () => unknown): void {
    this.#ends.push(end);
  }

  async all(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`while stopping: ${error instanceof Error ? error.message : 'unknown'}\n`);
      }
    }
  }
}
