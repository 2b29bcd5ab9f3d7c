import { AsyncLocalStorage } from 'node:async_hooks';

/** How long lines of one kind are counted before a summary of them is written. */
const INTERVAL_MS = 10_000;

/** How many kinds are counted separately, as callers choose part of the text. All others count as one kind. */
const MAX_KINDS = 500;
const OTHER = 'other';

interface Kind {
  readonly burst: number;
  written: number;
  suppressed: number;
}

/**
 * Limits repeated lines: the first of a kind are written at once, the others as one summary per interval. While a kind
 * keeps repeating it gets no new first line: a log that an attacker can fill hides what the operator looks for.
 */
export class Repeats {
  readonly #summarise: (kind: string, count: number) => void;
  readonly #kinds = new Map<string, Kind>();
  /** A summary is about many requests, so it has no request id. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #isCounting = false;

  /** @param summarise writes one line for the `count` lines of `kind` that were suppressed */
  constructor(summarise: (kind: string, count: number) => void) {
    this.#summarise = summarise;
  }

  /** Whether to write the next line of `kind`: the first `burst` of an interval are written, the others counted. */
  admits(kind: string, burst = 1): boolean {
    const known = this.#known(kind, burst);
    if (known.written < known.burst) {
      known.written += 1;
      return true;
    }
    known.suppressed += 1;
    return false;
  }

  #known(kind: string, burst: number): Kind {
    const name = this.#kinds.has(kind) || this.#kinds.size < MAX_KINDS ? kind : OTHER;
    const known = this.#kinds.get(name) ?? { burst, written: 0, suppressed: 0 };
    this.#kinds.set(name, known);
    this.#count();
    return known;
  }

  /** The timer does not keep the process alive: only a count is lost at the end. */
  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.#outside(() => setTimeout(() => this.#endInterval(), INTERVAL_MS).unref());
  }

  #endInterval(): void {
    this.#isCounting = false;
    for (const [kind, known] of this.#kinds) {
      const { suppressed } = known;
      known.suppressed = 0;
      if (suppressed > 0) this.#summarise(kind, suppressed);
      if (suppressed <= known.burst) this.#kinds.delete(kind);
    }
    if (this.#kinds.size > 0) this.#count();
  }
}
