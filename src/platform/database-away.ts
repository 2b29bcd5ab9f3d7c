/** PostgreSQL was not there, or went away: nothing is known to be wrong with what was asked. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super('the database is away', { cause });
    this.name = 'DatabaseAway';
  }
}

/**
 * What a broken statement is told as: {@link DatabaseAway} when the server was shut down, crashed or starts, or the connection
 * broke; otherwise the error itself. Whether a statement was done when its connection broke, nobody knows.
 * @see PostgreSQL, appendix A: classes 08 and 57P
 */
export function asAway(error: unknown): unknown {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const isAway = typeof code === 'string' ? /^(?:08|57P0[1-5]|E[A-Z]+$)/.test(code) : isTerminated(error);
  return isAway ? new DatabaseAway(error) : error;
}

/** The driver has no code for a connection that ends without a word. */
function isTerminated(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Connection terminated');
}
