import { ConfigError } from '../config.ts';

/** One fault, thrown where it is found. */
export function fault(text: string): ConfigError {
  return new ConfigError([text]);
}

/** Collects the faults of many parsers, so that all are reported at once. */
export class Faults {
  readonly #found = new Set<string>();

  /**
   * Runs a parser now and keeps its faults. The function it returns gives the parsed value, or throws if there is none:
   * call it only after {@link throwIfAny}.
   */
  collect<T>(parse: () => T): () => T {
    try {
      const value = parse();
      return () => value;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const text of error.faults) this.#found.add(text);
      return () => {
        throw error;
      };
    }
  }

  /** @throws ConfigError with every fault found so far */
  throwIfAny(): void {
    if (this.#found.size > 0) throw new ConfigError([...this.#found]);
  }
}
