import pg from 'pg';
import type { TestDatabase } from '../database/database.ts';

/** Evidence as the ledger sees it: rows whose orders and seals are invented, committed in one transaction. */
export async function storeEvidence(database: TestDatabase, bank: string, count = 1): Promise<readonly string[]> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    // The origin of evidence is checked by a trigger that stays; the foreign key to BankID's answer does not.
    await owner.query('set session_replication_role = replica');
    await owner.query(
      `insert into signature_root (sha256, pem) values (sha256('root'), 'root') on conflict do nothing`,
    );
    const { rows } = await owner.query<{ id: string }>(INSERT, [bank, count]);
    return rows.map(({ id }) => id);
  } finally {
    await owner.end();
  }
}

const INSERT = `insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, root_sha256, indication,
                                      digest, sealed, signed_at, received_at, stored_at, retention_ends_at)
  select id, 'surplus', 'consent:' || $1 || ':' || id, id, $1, 'tpp', gen_random_uuid(), i.environment, sha256('root'), 'TOTAL-PASSED',
         sha256(id::text::bytea), '\\x00', now(), now(), clock_timestamp(), now() + interval '1 year'
    from installation i, generate_series(1, $2::int) n, lateral (select gen_random_uuid() as id, n) evidence
  returning id`;
