/** PostgreSQL was not there, or went away: nothing is known to be wrong with what was asked. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super('the database is away', { cause });
    this.name = 'DatabaseAway';
  }
}

/** PostgreSQL is there, and did not do it in time, or not beside what others did: nothing was changed, and later it may succeed. */
export class DatabaseBusyError extends Error {
  constructor(cause: unknown) {
    super('the database is busy', { cause });
    this.name = 'DatabaseBusyError';
  }
}

/**
 * What a broken statement is told as: {@link DatabaseAway} when the server was shut down, crashed or starts, or the connection
 * broke; {@link DatabaseBusyError} when it waited too long for a lock or a connection, met another transaction or found the
 * server without room; otherwise the error itself. Whether a statement was done when its connection broke, nobody knows.
 * @see PostgreSQL, appendix A: classes 08 and 57P; 40, 53, 55P03, 57014
 */
export function asAway(error: unknown): unknown {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const isAway = typeof code === 'string' ? /^(?:08|57P0[1-5]|E[A-Z]+$)/.test(code) : isTerminated(error);
  if (isAway) return new DatabaseAway(error);
  return isBusy(code, error) ? new DatabaseBusyError(error) : error;
}

/** Whether the same may be asked again later: the database is away or busy. */
export function isForLater(error: unknown): boolean {
  return error instanceof DatabaseAway || error instanceof DatabaseBusyError;
}

/** The driver has no code for a connection that ends without a word. */
function isTerminated(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Connection terminated');
}

/** Nor for one that did not come free in time. */
function isBusy(code: unknown, error: unknown): boolean {
  if (typeof code === 'string') return /^(?:40001|40P01|53\w{3}|55P03|57014)$/.test(code);
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}
