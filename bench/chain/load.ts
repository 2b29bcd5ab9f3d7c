/** The command to the process of the parties: so many payments, so many of them at a time. */
export interface Load {
  readonly payments: number;
  readonly inFlight: number;
}

/** What they took, from the push to the answer to the consumption. */
export interface Carried {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}
