/** What the page of a problem says to the developer who was sent to it, besides whether to try again. */
export interface Explanation {
  /** What happened, in one or two sentences. */
  readonly meaning: string;
  /** What usually leads to it, the most frequent first. */
  readonly causes: readonly [string, ...string[]];
  /** What to do. */
  readonly remedy: string;
}
