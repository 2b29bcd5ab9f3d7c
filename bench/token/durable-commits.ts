/** As many as the pool of either server holds. */
export const CONNECTIONS = 10;

/** A connection adds to the statistics at most once a second, unless it is asked. */
export const FLUSH = 'select pg_stat_force_next_flush()';

/**
 * Durable commits as PostgreSQL counts them: how often client backends waited until the disk had the WAL. One fsync may serve several
 * commits that come together, so with one request at a time it is one for each; the WAL writer may be faster once.
 */
export const COUNT_FSYNCS = `select coalesce(sum(fsyncs), 0)::int as fsyncs from pg_stat_io
                              where object = 'wal' and backend_type = 'client backend'`;
