import { runSql } from './contenders.ts';

/** Puts `count` finished consents, requests, tokens and used proofs into the tables, behind triggers and foreign keys. */
export async function fillHistory(ownerUrl: string, count: number): Promise<void> {
  await runSql(
    ownerUrl,
    `set session_replication_role = replica;
     set synchronous_commit = off;
     create temp table past as
       select gen_random_uuid() as id, sha256(('past' || n)::bytea) as hash, now() - interval '1 day' as at,
              substr(translate(encode(sha256(('page' || n)::bytea), 'base64'), '+/=', '-_'), 1, 22) as page
         from generate_series(1, ${count}) as n;
     insert into consent (id, bank, client_id, interaction_id, state, tpp_name, authorisation_number, initiation, created_at,
                          expires_at, authorised_at, returned_at, ended_at, payment_reference, consume_request_hash, consume_answer,
                          execution)
       select id, 'exempelbanken', 'exempelbetal', page, 'consumed', 'Exempelbetal AB', 'PSDSE-FINA-00001', '{}', at,
              at + interval '5 minutes', at, at, at, 'past-' || id, hash, '{}', 'executed' from past;
     insert into authorisation (consent_id, evidence_id, evidence_digest, order_id, environment, bank, client_id, initiation,
                                payment_mac, payer_mac, payer_sealed, payer_subject, signed_at, authorised_at)
       select id, id, hash, id, 'sandbox', 'exempelbanken', 'exempelbetal', '{}', '\\x026b31'::bytea || hash,
              '\\x026b31'::bytea || hash, hash, 'past', at, at from past;
     insert into authorization_request (interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, code_challenge,
                                        pushed_at, expires_at, used_at, code_hash, code_expires_at, code_used_at, authorised_consent_id)
       select page, id, 'exempelbetal', hash, 'https://tpp.example/callback', translate(rtrim(encode(hash, 'base64'), '='), '+/', '-_'),
              at, at + interval '5 minutes', at, hash, at, at, id from past;
     insert into access_token (token_hash, kind, client_id, bank, consent_id, jkt, issued_at, expires_at)
       select hash, 'consent', 'exempelbetal', 'exempelbanken', id, translate(rtrim(encode(hash, 'base64'), '='), '+/', '-_'),
              at, at + interval '5 minutes' from past;
     insert into used_jti (jti_hash, expires_at) select hash, at from past;
     alter table audit_event disable trigger audit_event_link;
     insert into audit_event (subject, seq, event, previous_hash, hash)
       select 'consent:exempelbanken:' || id, 1, '{"type":"consent.consumed"}', hash, hash from past;
     alter table audit_event enable always trigger audit_event_link;
     analyze;
     checkpoint;`,
  );
}
