/** What the poller is told to do. */
export type PollerCommand =
  | { readonly do: 'request'; readonly count: number }
  | { readonly do: 'poll'; readonly seconds: number; readonly everySeconds: number };

export interface Polled {
  readonly polls: number;
  /** From when each poll was due until it was answered, so that a poller that falls behind is seen. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How many got another answer than `authorization_pending`, by that answer. */
  readonly others: Readonly<Record<string, number>>;
}
