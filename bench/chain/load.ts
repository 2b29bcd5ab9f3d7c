/** A command to the process of the parties: so many payments, so many of them at a time. */
export interface Load {
  readonly payments: number;
  readonly inFlight: number;
}

/** So many payments, of which so many begin each second, whether or not those before have ended; the payer thinks for up to two seconds. */
export interface Paced {
  readonly payments: number;
  readonly perSecond: number;
}

/** One after the other: opens so many payments in the app; signs all at once; waits until the pages of all say so. */
export type Burst = { readonly open: number } | 'sign' | 'await';

export type Command = Load | Paced | Burst;

/** What payments took, from the push to the answer to the consumption. */
export interface Carried {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** From the signature to the page that says so. */
  readonly signedToPageMs: readonly number[];
  /** Milliseconds of each request to the service, by method and path. */
  readonly routes: readonly (readonly [route: string, timesMs: readonly number[]])[];
}
