/**
 * Inserts `count` rows of evidence of `bank`, as wide as real ones; what is sealed in them is invented, and so are their orders.
 * Foreign keys are off; the triggers of the ledger are on. Returns the ids.
 */
export const INSERT_EVIDENCE = `
  insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, root_sha256, indication, digest, sealed,
                        signed_at, received_at, stored_at, retention_ends_at)
    select id, 'surplus', 'consent:' || $1 || ':' || id, id, $1, 'exempelbetal', gen_random_uuid(), 'sandbox', sha256('bench'),
           'TOTAL-PASSED', sha256(id::text::bytea), decode(repeat('00', 2600), 'hex'), now(), now(), clock_timestamp(),
           now() + interval '10 years'
      from generate_series(1, $2::int) n, lateral (select gen_random_uuid() as id, n) evidence
  returning id`;

/** For the connection that sends it. */
export const BEFORE_EVIDENCE = `
  set session_replication_role = replica;
  insert into signature_root (sha256, pem) values (sha256('bench'), 'bench') on conflict do nothing`;
