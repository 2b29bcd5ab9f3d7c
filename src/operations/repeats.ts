import { AsyncLocalStorage } from 'node:async_hooks';

/** How long lines of one kind are counted before a summary of them is written. */
const INTERVAL_MS = 10_000;

/** How many kinds are counted apart: callers choose part of the text. All others count as one kind. */
const MAX_KINDS = 500;
const OTHER = 'other';

interface Kind {
  readonly burst: number;
  written: number;
  suppressed: number;
}

/**
 * Bounds what is written of lines that repeat: the first of a kind at once, the others as one summary an interval. A kind that
 * keeps coming as fast gets no new first line: a log that an attacker can fill hides what the operator looks for.
 */
export class Repeats {
  readonly #summarise: (kind: string, count: number) => void;
  readonly #kinds = new Map<string, Kind>();
  /** A summary is about many requests, and carries the id of none. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #isCounting = false;

  /** @param summarise writes the line for `count` lines of `kind` that were not written */
  constructor(summarise: (kind: string, count: number) => void) {
    this.#summarise = summarise;
  }

  /** Whether the next line of `kind` is to be written: the first `burst` of an interval are, and the others are counted. */
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

  /** The timer does not keep the process alive: all that is lost at its end is a count. */
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
