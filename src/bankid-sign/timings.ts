/** Injection token of the {@link Timings}, which the service is started with. */
export const TIMINGS = Symbol('TIMINGS');

/** How often and how long the collector does what; tests run it faster. */
export interface Timings {
  /** From the start of one collect to the start of the next. BankID asks for 2 s. */
  readonly collectIntervalMs: number;
  /** How often the collector looks for orders that are due. */
  readonly tickMs: number;
  /** How long a call to BankID may take, connect included. */
  readonly httpTimeoutMs: number;
  /** Longer than the HTTP time-out plus the commit. */
  readonly leaseMs: number;
  /** How long an answer that another instance may have received can be on its way into the database. */
  readonly answerUnknownMs: number;
}

export const bankIdTimings: Timings = {
  collectIntervalMs: 2_000,
  tickMs: 100,
  httpTimeoutMs: 10_000,
  leaseMs: 15_000,
  answerUnknownMs: 30_000,
};
