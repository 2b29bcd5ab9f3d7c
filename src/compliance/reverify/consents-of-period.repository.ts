/**
 * The consents `c` that were open in the period [$1, $2), or whose evidence was stored in it; all where $1 is null. A condition
 * for a repository.
 */
export const CONSENTS_OF_PERIOD = `($1::timestamptz is null
    or (c.created_at < $2 and coalesce(c.ended_at, 'infinity') >= $1)
    or exists (select from evidence p where p.consent_id = c.id and p.stored_at >= $1 and p.stored_at < $2))`;
