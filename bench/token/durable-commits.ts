/** The size of the pool of either server. */
export const CONNECTIONS = 10;

/** A connection reports its statistics at most once a second, unless it is told to. */
export const FLUSH = 'select pg_stat_force_next_flush()';

/**
 * Durable commits as PostgreSQL counts them: how often client backends waited until the disk had the WAL. One fsync may serve several
 * commits that come together, so with one request at a time it is one for each; now and then the WAL writer is faster.
 */
export const COUNT_FSYNCS = `select coalesce(sum(fsyncs), 0)::int as fsyncs from pg_stat_io
                              where object = 'wal' and backend_type = 'client backend'`;
