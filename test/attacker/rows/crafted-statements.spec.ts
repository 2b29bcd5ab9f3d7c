import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { Holds } from '../../../src/rights/holds.ts';
import { approve, ask } from '../../support/database/erase.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import type { SignedConsent } from '../../support/evidence/sign-consent.ts';

let steps: EvidenceSteps;

beforeAll(async () => {
  steps = await EvidenceSteps.start();
}, 120_000);
afterAll(() => steps.stop());

type Statement = readonly [sql: string, params?: readonly unknown[]];

/** Statements of a login in one transaction of a new connection, whose plans of the triggers' queries are not made yet. */
async function inOneTransaction(url: string, statements: readonly Statement[]): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    await client.query('begin');
    for (const [sql, params = []] of statements) ({ rows } = await client.query(sql, [...params]));
    await client.query('commit');
    return rows;
  } finally {
    await client.end();
  }
}

const asService = (...statements: Statement[]) => inOneTransaction(steps.database.url, statements);
const asEraser = (...statements: Statement[]) => inOneTransaction(steps.database.eraserUrl, statements);

/** A signature whose order is answered and has no evidence yet. */
async function answer(): Promise<SignedConsent> {
  const signed = await steps.sign();
  await steps.database.database.inTransaction((tx) => steps.keepAnswer(tx, signed));
  return signed;
}

/** A consent like another, which waits for its signature. */
const anotherConsent = `
  insert into consent (id, bank, client_id, interaction_id, bank_name, tpp_name, authorisation_number, initiation, created_at, expires_at)
  select $2::uuid, bank, client_id, left(replace($2::text, '-', ''), 22), bank_name, tpp_name, authorisation_number, initiation,
         created_at, expires_at
    from consent where id = $1`;

const evidenceLike = `
  insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, root_sha256, indication, digest, sealed,
                        signed_at, received_at, stored_at, retention_ends_at)
  select $3::uuid, kind, subject, $4::uuid, bank, client_id, $5::uuid, environment, root_sha256, indication, digest, sealed,
         signed_at, received_at, stored_at, retention_ends_at
    from evidence where consent_id = $1`;

/** The same, with another value in one column. The second parameter is not used. */
function evidenceAlone(column: string, value: string): string {
  const [columns = '', values = ''] = evidenceLike.split('select');
  return `${columns} select ${values.replace(column, value)} and $2::uuid is null`;
}

const authorisationLike = `
  insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation, payment_mac,
                             payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
  select $2::uuid, $3::uuid, evidence_digest, $5::uuid, environment, bank, client_id, initiation, payment_mac, payer_mac, payer_sealed,
         payer_subject, signed_at, authorised_at
    from authorisation where consent_id = $1`;

/** `authorisation` and `evidence` in one statement, the first of them first. */
const together = (first: string, second: string): string =>
  `with later as (${second} returning 1), sooner as (${first} returning 1) select count(*) from sooner`;

describe("a statement of the service's login", () => {
  it("authorises no consent by another's evidence, whichever of the two it stores first", async () => {
    const accepted = await steps.accept();
    for (const [first, second] of [
      [authorisationLike, evidenceLike],
      [evidenceLike, authorisationLike],
    ] as const) {
      const answered = await answer();
      const other = randomUUID();
      const values = [accepted.consentId, other, randomUUID(), answered.consentId, answered.orderId];
      const crafted = asService([anotherConsent, [accepted.consentId, other]], [together(first, second), values]);
      await expect(crafted).rejects.toThrow(/does not belong to the authorisation/);
    }
  });

  it('authorises a consent by its own evidence', async () => {
    const accepted = await steps.accept();
    const answered = await answer();
    const values = [accepted.consentId, answered.consentId, randomUUID(), answered.consentId, answered.orderId];
    await asService(
      [anotherConsent, [accepted.consentId, answered.consentId]],
      [together(evidenceLike, authorisationLike), values],
    );
  });

  it('authorises no second consent by the evidence and the order of the first', async () => {
    const { consentId, evidenceId, orderId } = await steps.accept();
    const other = randomUUID();
    const moved = authorisationLike.replace('$5::uuid', '$4::uuid');
    const crafted = asService([anotherConsent, [consentId, other]], [moved, [consentId, other, evidenceId, orderId]]);
    await expect(crafted).rejects.toThrow(/does not belong to the authorisation/);
  });

  it('stores no root under a hash that is not its own, so that the right one could not be stored', async () => {
    const next = createHash('sha256').update('the root of next year').digest();
    const insert = 'insert into signature_root (sha256, pem) values ($1, $2)';
    await expect(asService([insert, [next, 'not a root']])).rejects.toThrow(/signature_root_is_named_by_its_hash/);
    await asService([insert, [next, 'the root of next year']]);
  });

  it('stores no evidence of a root that is not stored', async () => {
    const accepted = await steps.accept();
    const answered = await answer();
    const values = [accepted.consentId, undefined, randomUUID(), answered.consentId, answered.orderId];
    const crafted = asService([evidenceAlone('root_sha256', "sha256('another root')"), values]);
    await expect(crafted).rejects.toThrow(/root that is not stored/);
  });
});

describe('a transaction that sees the rows as they were when it began', () => {
  it.each(['repeatable read', 'serializable'])(
    "does not let the eraser's login erase what a later hold keeps: %s",
    async (level) => {
      const now = steps.clock.now();
      steps.clock.stopAt(new Date('2015-03-01T12:00:00Z'));
      const { bank, consentId } = await steps.accept();
      steps.clock.stopAt(now);
      const subject = consentSubject(bank, consentId);
      const request = await ask(steps.database, { action: 'erase', bank, subjects: [subject] });
      await approve(steps.database, request);
      const client = new pg.Client({ connectionString: steps.database.eraserUrl });
      await client.connect();
      try {
        await client.query(`begin isolation level ${level}`);
        await client.query('select from steward_waiting');
        await steps.get(Holds).place({ consent: consentId, case: 'T-1', review: '2027-06-30' }, 'operator:test');
        await expect(client.query(`select carry_out('${request}', 10)`)).rejects.toThrow(/as it is now/);
      } finally {
        await client.end();
      }
      expect(await steps.database.asOwner('select 1 from data_key where subject = $1', [subject])).toHaveLength(1);
    },
  );
});

/**
 * PostgreSQL finds a temporary table before any other of its name, also in a function that runs with its owner's rights, unless
 * `pg_temp` stands last in the function's own search path.
 */
describe('a temporary table', () => {
  const standIn = (name: string, columns: string): readonly [string] => [
    `create temporary table ${name} on commit drop as select ${columns}`,
  ];
  const readable = (name: string): readonly [string] => [`grant select on pg_temp.${name} to public`];

  it('does not stand in for the data keys, so that a consent had a second one', async () => {
    const { bank, consentId } = await steps.sign();
    const second = `insert into public.data_key (key_id, subject, kek_id, wrapped) values (gen_random_uuid(), $1, 'k9', 'x')`;
    const crafted = asService(standIn('data_key', 'null::text as subject, null::uuid as key_id'), [
      second,
      [consentSubject(bank, consentId)],
    ]);
    await expect(crafted).rejects.toThrow(/one data key/);
  });

  it('does not stand in for the evidence that authorises', async () => {
    const { consentId, evidenceId, orderId } = await steps.accept();
    const other = randomUUID();
    const moved = authorisationLike.replace('$5::uuid', '$4::uuid');
    const crafted = asService(
      [anotherConsent, [consentId, other]],
      [
        `create temporary table evidence on commit drop as
         select id, kind, $2::uuid as consent_id, order_id, digest from public.evidence where consent_id = $1`,
        [consentId, other],
      ],
      [moved, [consentId, other, evidenceId, orderId]],
    );
    await expect(crafted).rejects.toThrow(/does not belong to the authorisation/);
  });

  it('does not stand in for the environment of the installation', async () => {
    const accepted = await steps.accept();
    const answered = await answer();
    const values = [accepted.consentId, undefined, randomUUID(), answered.consentId, answered.orderId];
    const crafted = asService(
      standIn('installation', "'production'::public.environment as environment"),
      readable('installation'),
      [evidenceAlone('environment', "'production'"), values],
    );
    await expect(crafted).rejects.toThrow(/evidence of another environment/);
  });

  it('does not stand in for the chain of events', async () => {
    const subject = `consent:bank:${randomUUID()}`;
    await asService(
      standIn('audit_event', `'${subject}' as subject, 6::bigint as seq, sha256('x') as hash`),
      readable('audit_event'),
      ['insert into public.audit_event (subject, event) values ($1, $2)', [subject, '{"type":"consent.pushed"}']],
    );
    expect(await steps.database.asOwner('select seq::int from audit_event where subject = $1', [subject])).toEqual([
      { seq: 1 },
    ]);
  });

  it("does not stand in for retention and legal holds before the eraser's login", async () => {
    const { bank, consentId } = await steps.accept();
    const subject = consentSubject(bank, consentId);
    const request = await ask(steps.database, { action: 'erase', bank, subjects: [subject] });
    await approve(steps.database, request);
    const erased = asEraser(
      [
        `create temporary table evidence on commit drop as
         select '${subject}'::text as subject, '2020-01-01'::timestamptz as retention_ends_at`,
      ],
      ['create temporary table legal_hold (id uuid, subject text, action text) on commit drop'],
      readable('evidence'),
      readable('legal_hold'),
      [`select public.carry_out('${request}', 10) as is_done`],
    );
    expect(await erased).toEqual([{ is_done: true }]);
    expect(await steps.database.asOwner('select outcome from steward_outcome where subject = $1', [subject])).toEqual([
      { outcome: 'retained' },
    ]);
  });

  it("is found last by every function that reads a table, or runs with its owner's rights", async () => {
    const found = await steps.database.asOwner(
      `select proname as name, coalesce('search_path=pg_catalog, public, pg_temp' = any (proconfig), false) as is_last
         from pg_proc
        where pronamespace = 'public'::regnamespace
          and (prosecdef or regexp_replace(prosrc, 'distinct from', '', 'g') ~ '\\mfrom [a-z_]+\\M')
        order by name`,
    );
    expect(found).toEqual(
      [
        'audit_event_link',
        'await_ledger_number',
        'await_steward',
        'carry_out',
        'check_authentication_evidence',
        'check_authorisation_evidence',
        'check_evidence_origin',
        'check_export_member',
        'check_export_order_change',
        'check_ledger_audit_leaves',
        'check_ledger_leaves',
        'check_ledger_moved',
        'check_returned_evidence',
        'check_steward_decision',
        'check_steward_done',
        'check_steward_request',
        'destroy_export_key',
        'end_exports_of_erased',
        'erase_again',
        'erase_ended_logins',
        'erase_subject',
        'holds_of',
        'is_erasable',
        'living_subjects',
        'lock_for_hold',
        'record_hold',
        'refuse_erasure_with_key',
        'refuse_loss_of_trace',
        'refuse_second_data_key',
        'refuse_unless_erased',
        'retention_of',
        'retentions',
      ].map((name) => ({ name, is_last: true })),
    );
  });
});
