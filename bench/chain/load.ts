/** A command to the parties' process: `payments` payments, `inFlight` of them at a time. */
export interface Load {
  readonly payments: number;
  readonly inFlight: number;
}

/** Payments of which `perSecond` begin each second, whether or not earlier ones have ended. Payers think for up to two seconds. */
export interface Paced {
  readonly payments: number;
  readonly perSecond: number;
}

/** Three commands in this order: open payments in the app; sign all of them at once; wait until all pages say so. */
export type Burst = { readonly open: number } | 'sign' | 'await';

export type Command = Load | Paced | Burst;

/** What payments took, from the push to the answer to the consumption. */
export interface LoadResult {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** From the signature to the page that says so. */
  readonly signedToPageMs: readonly number[];
  /** Milliseconds of each request to the service, by method and path. */
  readonly routes: readonly (readonly [route: string, timesMs: readonly number[]])[];
}
