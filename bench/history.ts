import { runSql } from './token/contenders.ts';

/** Rows that are made in one transaction. */
const BATCH = 100_000;

/**
 * Puts `count` payments of yesterday into every table that a payment leaves rows in: consumed consents with order, its events, answer,
 * evidence, authorisation, request, token, claimed proof, Idempotency-Key and five audit events. Foreign keys are off, and so are
 * the triggers that link the events and have evidence numbered; the others are on. The rows are as many and as wide as real ones,
 * except that 32 bytes stand for the thousands that are sealed. No token or proof is due to be deleted, no evidence to be numbered and
 * no event to be covered by the ledger, so that no worker has more to do while something is measured.
 */
export async function fillHistory(ownerUrl: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    await runSql(ownerUrl, paymentsOfYesterday(from + 1, Math.min(count, from + BATCH)));
  }
  await runSql(ownerUrl, 'vacuum analyze');
  await runSql(ownerUrl, 'checkpoint');
}

const base64url = (bytes: string): string => `translate(rtrim(encode(${bytes}, 'base64'), '='), '+/', '-_')`;

/** One row of every table for each row of `past`, three events of the order, five of the audit trail. */
const ROWS = `
    insert into consent (id, bank, client_id, interaction_id, state, bank_name, tpp_name, authorisation_number, initiation,
                         browser_cookie_hash, created_at, expires_at, authorised_at, returned_at, ended_at, live_token_hash, live_token_expires_at,
                         payment_reference, consume_request_hash, consume_answer, execution)
      select id, 'exempelbanken', 'exempelbetal', page, 'consumed', 'Exempelbanken AB', 'Exempelbetal AB', 'PSDSE-FINA-00001', '{}', hash, at,
             at + interval '5 minutes', at, at, at, hash, kept_until, 'past-' || id, '\\x026b31'::bytea || hash, '{}', 'executed'
        from past;
    insert into signing_attempt (id, consent_id, client_id, return_nonce_hash, started_at, returned_at, outcome, reached_signing, ended_at)
      select id, id, 'exempelbetal', hash, at, at, 'authorised', true, at from past;
    insert into sign_order (id, purpose, order_group, subject, state, kind, way, device, platform, relying_party, relying_party_name,
                            order_ref, start_sealed, answer_status, outcome, requested_at, pressed_at, started_at, answered_at, settled_at)
      select id, 'payment-consent', id, 'consent:exempelbanken:' || id, 'settled', 'sign', 'browser', 'this', 'desktop', 'default', 'Sigill', id, hash,
             'complete', 'authorised', at, at, at, at, at from past;
    insert into sign_order_request (order_id, request_sealed) select id, hash from past;
    insert into sign_order_event (order_id, at, event)
      select id, at, 'past' from past cross join generate_series(1, 3);
    insert into bankid_answer (order_id, answer_sealed, received_at) select id, hash, at from past;
    insert into signature_root (sha256, pem) values (sha256('past'), 'past') on conflict (sha256) do nothing;
    alter table evidence disable trigger evidence_awaits_ledger;
    insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, indication, digest, sealed, signed_at,
                          received_at, stored_at, retention_ends_at, root_sha256)
      select id, 'accepted', 'consent:exempelbanken:' || id, id, 'exempelbanken', 'exempelbetal', id, 'sandbox', 'TOTAL-PASSED', hash,
             hash, at, at, at, at + interval '10 years', sha256('past') from past;
    alter table evidence enable always trigger evidence_awaits_ledger;
    insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                               payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
      select id, id, hash, id, 'sandbox', 'exempelbanken', 'exempelbetal', '{}', '\\x026b31'::bytea || hash,
             '\\x026b31'::bytea || hash, hash, 'past', at, at from past;
    insert into authorization_request (interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, code_challenge,
                                       pushed_at, expires_at, used_at, code_hash, code_expires_at, code_used_at, authorised_consent_id)
      select page, id, 'exempelbetal', hash, 'https://tpp.example/callback', ${base64url('hash')},
             at, at + interval '5 minutes', at, hash, at, at, id from past;
    insert into access_token (token_hash, kind, client_id, bank, consent_id, jkt, issued_at, expires_at, revoked_at)
      select hash, 'consent', 'exempelbetal', 'exempelbanken', id, ${base64url('hash')}, at, kept_until, at from past;
    insert into data_key (key_id, subject, kek_id, wrapped)
      select id, 'consent:exempelbanken:' || id, coalesce((select kek_id from data_key limit 1), 'history'), hash || hash from past;
    insert into idempotent_push (key_hash, request_hash, consent_id, expires_at)
      select hash, '\\x026b31'::bytea || hash, id, kept_until from past;
    insert into claimed_proof (jti_hash, expires_at) select hash, kept_until from past;
    alter table audit_event disable trigger audit_event_link;
    insert into audit_event (subject, seq, event, previous_hash, hash, recorded_at)
      select 'consent:exempelbanken:' || id, seq, '{"actor":"exempelbetal","at":"2026-11-01T12:00:00Z","detail":{},"type":"consent.past"}',
             hash, hash, at from past cross join generate_series(1, 5) as seq;
    alter table audit_event enable always trigger audit_event_link;`;

function paymentsOfYesterday(first: number, last: number): string {
  return `
    set session_replication_role = replica;
    set synchronous_commit = off;
    create temp table past as
      select gen_random_uuid() as id, sha256(('past' || n)::bytea) as hash, now() - interval '1 day' as at,
             now() + interval '1 day' as kept_until, substr(${base64url("sha256(('page' || n)::bytea)")}, 1, 22) as page
        from generate_series(${first}, ${last}) as n;
    ${ROWS}
    drop table past;`;
}
