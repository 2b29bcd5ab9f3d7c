/**
 * In the RETURNING of a statement that is a transaction by itself: it commits asynchronously, that is, without waiting for the disk.
 * PostgreSQL evaluates it for each row that the statement returns, and forgets it with the transaction.
 *
 * For leases alone. If PostgreSQL crashes or fails over, the last such commits (about half a second) may be gone while a worker acts on
 * them, and another may lease the same row. That harms nobody: a lease has an id of its own, and what a worker writes under it has to
 * find that id in the row. A commit that waits for the disk takes with it all that was committed before it, so what was written under
 * a lease is never without it.
 * @see PostgreSQL, "Asynchronous Commit"
 */
export const COMMITS_ASYNCHRONOUSLY = "set_config('synchronous_commit', 'off', true)";
