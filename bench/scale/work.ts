/** A command to the process of the parties. */
export interface Work {
  readonly payments: number;
  readonly inFlight: number;
}

export interface Timed {
  readonly seconds: number;
  /** Milliseconds of each request, by method and path. */
  readonly routes: readonly (readonly [route: string, timesMs: readonly number[]])[];
}
