-- Logins: what a client asked for, how far it has come, who identified themselves, and the attempts. A login is never a consent: no row
-- of a payment refers to one, and none of these refers to a payment.

create domain login_state as text check (value in ('awaiting', 'authenticated', 'rejected', 'expired', 'cancelled'));
create domain login_reason as text
  check (value in ('declined', 'order-failed', 'attempts', 'signature', 'risk', 'device-not-bound', 'no-authentication', 'client',
                   'superseded'));

-- awaiting -> authenticated | rejected | expired | cancelled. Each move is one conditional update, and the last.
create table login (
  id                  uuid           primary key,
  client_id           nonempty_text  not null,
  -- A snapshot of the request: the signed text is made from it, even if the registration changes later.
  client_name         nonempty_text  not null,
  way                 consent_way     not null,
  call_initiator      call_initiator,
  -- The only name by which a browser knows the login.
  interaction_id      interaction_id unique,
  scopes              text[]         not null check (cardinality(scopes) > 0),
  -- RFC 8785 text of the request's `claims`, and its `nonce` (OpenID Connect Core §5.5, §3.1.2.1).
  claims              nonempty_text,
  nonce               nonempty_text,
  binding_message     nonempty_text,
  -- Keyed hash and sealed personal number of the person whom the client named.
  bound_payer_hash    bytea,
  login_hint_sealed   bytea,
  created_at          timestamptz    not null,
  expires_at          timestamptz    not null,
  state               login_state    not null default 'awaiting',
  -- Why it ended, if not by an authentication.
  reason              login_reason,
  browser_cookie_hash sha256_hash,
  failed_attempts     attempt_count  not null default 0,
  ended_at            timestamptz,
  constraint login_is_sound check (
    expires_at > created_at
    and (call_initiator is not null) = (way = 'phone')
    and (interaction_id is not null) = (way = 'browser')
    and (browser_cookie_hash is null or way = 'browser')
    and (bound_payer_hash is null) = (login_hint_sealed is null)
    and (state = 'awaiting') = (ended_at is null)
    and (state in ('awaiting', 'authenticated')) = (reason is null))
) with (fillfactor = 85);
-- Logins that may still expire.
create index login_expiring on login (expires_at) where ended_at is null;

create function refuse_change_of_ended_login() returns trigger
  language plpgsql
as $$
begin
  if old.ended_at is not null
     or new.failed_attempts < old.failed_attempts
     or old.browser_cookie_hash is not null and new.browser_cookie_hash is distinct from old.browser_cookie_hash then
    raise exception 'login: what has ended or is bound never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

create trigger login_stays_as_asked
  before update of id, client_id, client_name, way, call_initiator, interaction_id, scopes, claims, nonce, binding_message,
                   bound_payer_hash, login_hint_sealed, created_at, expires_at
  on login for each row execute function refuse_unless_erased(
    'what was asked', 'id', 'claims', 'nonce', 'binding_message', 'bound_payer_hash', 'login_hint_sealed');
create trigger login_stays_ended
  before update of state, reason, browser_cookie_hash, failed_attempts, ended_at
  on login for each row execute function refuse_change_of_ended_login();
create trigger login_stays before delete or truncate on login for each statement execute function refuse_change();
alter table login
  enable always trigger login_stays_as_asked,
  enable always trigger login_stays_ended,
  enable always trigger login_stays;

-- Who identified themselves, beside the evidence: no row without it, never two for a login. What a client is told of the person comes from
-- here.
--
-- The service makes the MAC under a look-up key, which the database does not hold: a login of the database that changes a row cannot
-- make the MAC that belongs to it. It covers login, evidence, environment, client, way, what was asked (scopes, claims, nonce), the
-- evidence's digest, the person's pairwise identifier, personal number and names, and both times. It begins with the length and the id
-- of its key.
create table authentication (
  login_id         uuid          primary key references login,
  evidence_id      uuid          not null unique references identification,
  evidence_digest  sha256_hash   not null,
  order_id         uuid          not null unique references sign_order,
  environment      environment   not null,
  client_id        nonempty_text not null,
  -- The pairwise identifier that the client is given (`sub`).
  -- It and the MAC become null when the login is erased.
  subject          nonempty_text,
  -- Personal number and names as in the verified certificate, under the login's data key.
  person_sealed    bytea         not null,
  mac              bytea         check (octet_length(mac) > 33),
  -- The id of the look-up key in readable form, for finding out which keys are still needed.
  lookup_key_id    text
    generated always as (encode(substring(mac from 2 for greatest(octet_length(mac) - 33, 0)), 'escape')) stored,
  -- When BankID's responder vouched for the certificate of the signature (`auth_time`).
  signed_at        timestamptz   not null,
  authenticated_at timestamptz   not null
);
create index authentication_lookup_key on authentication (lookup_key_id, authenticated_at) where lookup_key_id is not null;

-- Only the accepted evidence of this very login and order authenticates.
create function check_authentication_evidence() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from identification i
                  where i.id = new.evidence_id and i.kind = 'accepted' and i.login_id = new.login_id and i.client_id = new.client_id
                    and i.order_id = new.order_id and i.digest = new.evidence_digest) then
    raise exception 'the evidence does not belong to the authentication' using errcode = 'check_violation';
  end if;
  return null;
end
$$;

create trigger authentication_evidence
  after insert on authentication for each row execute function check_authentication_evidence();
create trigger authentication_is_append_only
  before delete or truncate on authentication for each statement execute function refuse_change();
create trigger authentication_stays_as_signed
  before update on authentication for each row execute function refuse_unless_erased(
    'who identified themselves', 'login_id', 'subject', 'mac');
alter table authentication
  enable always trigger authentication_evidence,
  enable always trigger authentication_stays_as_signed,
  enable always trigger authentication_is_append_only;

-- One order that was asked of BankID, with the renewals of its QR code or link. Limits of persons are counted from these rows.
create table login_attempt (
  id                uuid          primary key,
  login_id          uuid          not null references login,
  client_id         text          not null,
  bound_payer_hash  bytea,
  -- Null in a phone call, which has no way back.
  return_nonce_hash sha256_hash,
  started_at        timestamptz   not null,
  -- When the nonce came back to where the order was started: once, and perhaps after the order has ended.
  returned_at       timestamptz,
  -- As of a signing_attempt.
  outcome           text          check (outcome in ('not-asked', 'not-placed', 'withdrawn', 'unreached', 'failed', 'refused', 'surplus',
                                                     'authenticated')),
  failure           nonempty_text,
  reached_signing   boolean       not null default false,
  ended_at          timestamptz,
  cancelled_at      timestamptz,
  constraint login_attempt_ended check ((outcome is null) = (ended_at is null))
);
create index login_attempt_of_login on login_attempt (login_id);
create index login_attempt_of_payer on login_attempt (bound_payer_hash, started_at) where bound_payer_hash is not null;
create index login_attempt_lookup_key
  on login_attempt (encode(substring(bound_payer_hash from 2 for greatest(octet_length(bound_payer_hash) - 33, 0)), 'escape'), started_at)
  where bound_payer_hash is not null;

create trigger login_attempt_stays_as_begun
  before update of id, login_id, client_id, bound_payer_hash, return_nonce_hash, started_at
  on login_attempt for each row execute function refuse_unless_erased('what has begun', 'login_id', 'bound_payer_hash');
create trigger login_attempt_stays_ended
  before update of outcome, failure, reached_signing, ended_at, cancelled_at, returned_at
  on login_attempt for each row execute function refuse_change_of_attempt();
create trigger login_attempt_stays
  before delete or truncate on login_attempt for each statement execute function refuse_change();
alter table login_attempt
  enable always trigger login_attempt_stays_as_begun,
  enable always trigger login_attempt_stays_ended,
  enable always trigger login_attempt_stays;

-- Whom the client named, in the statement that asks.
create function trace_named_person() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.bound_payer_hash is not null then
    insert into person_trace (subject, kind, value)
    values ('login:' || new.client_id || ':' || new.id, 'named', new.bound_payer_hash);
  end if;
  return null;
end
$$;
create trigger login_traces_person after insert on login for each row execute function trace_named_person();
alter table login enable always trigger login_traces_person;

-- Column by column: the service's login cannot alter what was asked or has begun.
grant select, insert, update (state, reason, browser_cookie_hash, failed_attempts, ended_at) on login to sigill_app;
grant select, insert on authentication to sigill_app;
grant select, insert, update (returned_at, outcome, failure, reached_signing, ended_at, cancelled_at) on login_attempt to sigill_app;
grant select on login, authentication, login_attempt to sigill_auditor;
