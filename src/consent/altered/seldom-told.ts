/** More names than an honest day can bring; of more, the one that was told longest ago may be told again. */
const MOST = 1000;

/** Says of each name whether it is to be told now: the first time, and again when so long has passed. */
export class SeldomTold {
  readonly #intervalMs: number;
  /** In the order in which they were told. */
  readonly #toldAt = new Map<string, Date>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  admits(name: string, now: Date): boolean {
    const told = this.#toldAt.get(name);
    if (told && now.getTime() - told.getTime() < this.#intervalMs) return false;
    this.#toldAt.delete(name);
    this.#toldAt.set(name, now);
    const [oldest] = this.#toldAt.keys();
    if (this.#toldAt.size > MOST && oldest !== undefined) this.#toldAt.delete(oldest);
    return true;
  }

  /** What could not be told is still to be told. */
  forget(name: string): void {
    this.#toldAt.delete(name);
  }
}
