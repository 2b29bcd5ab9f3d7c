-- What a value must look like is said by its type, what the columns of a row must be to each other by a few checks of the table.
-- PostgreSQL reads every check of a table anew for each statement that writes to it, whichever columns that statement names; the
-- rule of a domain it reads once for a connection, and holds it against the values that are written.
--
-- The tables are rewritten, and locked meanwhile. Evidence is not touched.

create domain sha256_hash as bytea check (octet_length(value) = 32);
-- 256 bits in base64url: thumbprints (RFC 7638, RFC 8705 §3.1) and code challenges (RFC 7636 §4.2).
create domain base64url_256 as text check (value ~ '^[A-Za-z0-9_-]{43}$');
create domain interaction_id as text check (value ~ '^[A-Za-z0-9_-]{22}$');
create domain filled_text as text check (value <> '');
create domain token_kind as text check (value in ('consent', 'machine'));
create domain consent_state as text
  check (value in ('awaiting-authorisation', 'authorised', 'consumed', 'rejected', 'expired', 'revoked'));
create domain consent_reason as text
  check (value in ('declined', 'attempts', 'signature', 'risk', 'device-not-bound', 'no-authorisation', 'no-return', 'no-consumption',
                   'tpp', 'bank', 'code-reused'));
create domain execution_state as text check (value in ('pending', 'executed', 'failed'));
create domain attempt_count as integer check (value between 0 and 5);

-- Their names were PostgreSQL's own; each rule comes again below, as a domain or as a check with a name.
do $$
declare
  old record;
begin
  for old in
    select conrelid::regclass as of_table, conname from pg_constraint
     where contype = 'c'
       and conrelid in ('used_jti'::regclass, 'access_token'::regclass, 'audit_event'::regclass, 'consent'::regclass,
                        'authorization_request'::regclass)
  loop
    execute format('alter table %s drop constraint %I', old.of_table, old.conname);
  end loop;
end
$$;

alter table used_jti alter column jti_hash type sha256_hash;

alter table access_token
  alter column token_hash type sha256_hash,
  alter column kind type token_kind,
  alter column jkt type base64url_256,
  alter column x5t type base64url_256,
  add constraint access_token_lives check (expires_at > issued_at),
  add constraint access_token_one_binding check (num_nonnulls(jkt, x5t) = 1),
  add constraint access_token_of_its_kind check (
    case kind
      when 'consent' then num_nulls(consent_id, bank) = 0 and scope is null
      else consent_id is null and scope is not null
    end);

alter table audit_event
  alter column subject type filled_text,
  alter column previous_hash type sha256_hash,
  alter column hash type sha256_hash,
  add constraint audit_event_seq check (seq > 0),
  add constraint audit_event_of_its_subject check (event::jsonb ->> 'subject' = subject);

drop trigger consent_moves on consent;
alter table consent
  alter column bank type filled_text,
  alter column client_id type filled_text,
  alter column interaction_id type interaction_id,
  alter column state type consent_state,
  alter column reason type consent_reason,
  alter column tpp_name type filled_text,
  alter column authorisation_number type filled_text,
  alter column payment_hash type sha256_hash,
  alter column browser_cookie_hash type sha256_hash,
  alter column failed_attempts type attempt_count,
  alter column live_token_hash type sha256_hash,
  alter column execution type execution_state,
  add constraint consent_lives check (expires_at > created_at),
  add constraint consent_names_payer check ((bound_payer_hash is null) = (login_hint_sealed is null)),
  add constraint consent_live_token_expires check ((live_token_hash is null) = (live_token_expires_at is null)),
  -- Open until it has ended; ended without a reason only by the consumption; none is consumed that was not authorised.
  add constraint consent_open check ((state = 'awaiting-authorisation' or state = 'authorised') = (ended_at is null)),
  add constraint consent_reason check ((ended_at is null or state = 'consumed') = (reason is null)),
  add constraint consent_authorised check (authorised_at is not null or state = 'awaiting-authorisation' or reason is not null),
  add constraint consent_consumed check (
    num_nonnulls(execution, payment_reference, consume_request_hash, consume_answer) = 4 * (state = 'consumed')::integer),
  add constraint consent_execution_reason check ((execution is not distinct from 'failed') = (execution_reason is not null));
create trigger consent_moves before update of state on consent for each row execute function refuse_illegal_consent_move();
alter table consent enable always trigger consent_moves;

drop trigger authorization_request_redeemed_once on authorization_request;
drop function refuse_second_redemption();
alter table authorization_request
  alter column interaction_id type interaction_id,
  alter column request_uri_hash type sha256_hash,
  alter column code_challenge type base64url_256,
  alter column dpop_jkt type base64url_256,
  alter column code_hash type sha256_hash,
  alter column nonce type filled_text,
  add constraint authorization_request_lives check (expires_at > pushed_at),
  add constraint authorization_request_scope check (scope = 'openid'),
  add constraint authorization_request_nonce check (nonce is null or scope is not null),
  add constraint authorization_request_of_its_consent check (authorised_consent_id = consent_id),
  add constraint authorization_request_code check (
    case when code_hash is null then num_nonnulls(code_expires_at, authorised_consent_id, code_used_at) = 0
         else num_nulls(code_expires_at, authorised_consent_id, used_at) = 0
    end);

-- The condition of a trigger would be read anew for each statement too.
create function refuse_second_redemption() returns trigger
  language plpgsql
as $$
begin
  if old.code_used_at is not null
     and (new.code_hash is distinct from old.code_hash or new.code_used_at is distinct from old.code_used_at) then
    raise exception 'a redeemed code never changes' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger authorization_request_redeemed_once
  before update on authorization_request for each row execute function refuse_second_redemption();
alter table authorization_request enable always trigger authorization_request_redeemed_once;
