/** What the payers are told to do; they go on watching between two commands. */
export type PayersCommand =
  | { readonly do: 'arrive'; readonly count: number; readonly perSecond: number }
  | { readonly do: 'watch'; readonly seconds: number };

/** What it took to begin. */
export interface Arrived {
  /** Of each payer's first page: from the request to the first byte of its answer. */
  readonly firstBytesMs: readonly number[];
  /** Of that page with all that it loads, uncompressed. */
  readonly bytesFirstPage: number;
}

/** What the payers saw meanwhile. */
export interface Watched {
  /** Of each frame, from when it was due until it was read, so that payers who fall behind are seen. */
  readonly framesMs: readonly number[];
  /** Frames that did not come within their second, or showed the code of an earlier one. */
  readonly dropped: number;
  /** Requests of the script that were answered otherwise: how many, by what was asked for and the status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly statusAnswers: number;
  /** Payers whose page shows no code any more, or whose requests failed, by the reason. */
  readonly lost: Readonly<Record<string, number>>;
}
