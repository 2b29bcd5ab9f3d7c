import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';

/** The longest time for each phase of a consent. */
export const lifetimes = {
  /** From the push to the first POST of a browser: the life of the request_uri. */
  firstPostMs: 300 * SECOND_MS,
  /** From the authorisation to the browser's return; also the five minutes of RTS Art. 4(3)(d). */
  returnMs: 5 * MINUTE_MS,
  /** From the browser's return to the consumption. */
  consumeMs: 15 * MINUTE_MS,
} as const;
