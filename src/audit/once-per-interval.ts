/** More names than occur on an ordinary day; beyond it, the name admitted longest ago may be admitted again. */
const MAX_NAMES = 1000;

/** Admits each name the first time, and again after the interval. */
export class OncePerInterval {
  /** In the order in which they were admitted. */
  readonly #admittedAt = new Map<string, Date>();

  constructor(private readonly intervalMs: number) {}

  /** Whether the name is admitted at `now`. */
  admits(name: string, now: Date): boolean {
    const last = this.#admittedAt.get(name);
    if (last && now.getTime() - last.getTime() < this.intervalMs) return false;
    this.#admittedAt.delete(name);
    this.#admittedAt.set(name, now);
    const [oldest] = this.#admittedAt.keys();
    if (this.#admittedAt.size > MAX_NAMES && oldest !== undefined) this.#admittedAt.delete(oldest);
    return true;
  }

  /** Lets the name be admitted again at once, because what it was admitted for has failed. */
  readmit(name: string): void {
    this.#admittedAt.delete(name);
  }
}
