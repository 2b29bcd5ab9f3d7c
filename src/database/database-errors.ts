/** PostgreSQL cannot be reached, or the connection broke: nothing is known to be wrong with the statement. */
export class DatabaseUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the database cannot be reached', { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

/** PostgreSQL answers, but was too slow, out of resources or in conflict with another transaction. Nothing was changed; a retry may succeed. */
export class DatabaseBusyError extends Error {
  constructor(cause: unknown) {
    super('the database is busy', { cause });
    this.name = 'DatabaseBusyError';
  }
}

/**
 * The error for a failed statement: {@link DatabaseUnavailableError} if the server shut down, crashed or is
 * starting, or the connection broke; {@link DatabaseBusyError} if the statement waited too long for a lock or a connection, was in
 * conflict with another transaction or found the server out of resources; otherwise the error itself. A statement whose connection
 * broke may or may not have been executed.
 * @see PostgreSQL, appendix A: classes 08 and 57P; 40, 53, 55P03, 57014
 */
export function databaseErrorOf(error: unknown): unknown {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const isUnavailable = typeof code === 'string' ? /^(?:08|57P0[1-5]|E[A-Z]+$)/.test(code) : isTerminated(error);
  if (isUnavailable) return new DatabaseUnavailableError(error);
  return isBusy(code, error) ? new DatabaseBusyError(error) : error;
}

/** Whether the same statement may succeed later: the database is unavailable or busy. */
export function isForLater(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || error instanceof DatabaseBusyError;
}

/** Whether the statement would have made two rows equal that this unique index keeps apart. @see PostgreSQL, appendix A: 23505 */
export function violatesUniqueIndex(error: unknown, index: string): boolean {
  const { code, constraint } = (error ?? {}) as { readonly code?: unknown; readonly constraint?: unknown };
  return code === '23505' && constraint === index;
}

/** The driver has no code for a connection that the server closes without an error message. */
function isTerminated(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Connection terminated');
}

/** Nor does it have one if no connection became free in time. */
function isBusy(code: unknown, error: unknown): boolean {
  if (typeof code === 'string') return /^(?:40001|40P01|53\w{3}|55P03|57014)$/.test(code);
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}
