-- Pushed authorization requests of payments and of logins, and the one code of each; backchannel requests.
create table authorization_request (
  interaction_id        interaction_id primary key references consent (interaction_id),
  consent_id            uuid           not null unique references consent,
  client_id             text           not null,
  -- SHA-256 of the random part of the request_uri.
  request_uri_hash      sha256_hash    not null unique,
  redirect_uri          text           not null,
  state                 text,
  scope                 text,
  nonce                 nonempty_text,
  -- S256.
  code_challenge        base64url_256  not null,
  -- The key that the code is bound to (RFC 9449 §10), where the push named one.
  dpop_jkt              base64url_256,
  -- The TPP's signed request as received (RFC 9101), sealed under the consent's data key. The redemption copies it into the evidence.
  request_object_sealed bytea,
  -- SHA-256 of client and jti of that request, if it has a jti: such a request is pushed once. A push that is refused or rolled back
  -- leaves nothing, so its request may be sent again.
  request_object_jti_hash sha256_hash,
  pushed_at             timestamptz    not null,
  expires_at            timestamptz    not null,
  -- When the browser was sent back to the TPP; the request_uri is not valid after that.
  used_at               timestamptz,
  -- SHA-256 of the code. A reload before the redemption replaces it.
  code_hash             sha256_hash    unique,
  code_expires_at       timestamptz,
  code_used_at          timestamptz,
  -- No code without an authorisation, and so none without evidence.
  authorised_consent_id uuid           references authorisation (consent_id)
) with (fillfactor = 85);

create unique index authorization_request_of_one_jti on authorization_request (request_object_jti_hash)
  where request_object_jti_hash is not null;

-- The rules for a request's own columns. One function instead of five constraints, for the same reason as is_sound(consent).
create function is_sound(r authorization_request) returns boolean
  language plpgsql immutable
as $$
begin
  return r.expires_at > r.pushed_at
     and r.scope = 'openid'
     and (r.nonce is null or r.scope is not null)
     and r.authorised_consent_id = r.consent_id
     and case when r.code_hash is null then num_nonnulls(r.code_expires_at, r.authorised_consent_id, r.code_used_at) = 0
              else num_nulls(r.code_expires_at, r.authorised_consent_id, r.used_at) = 0
         end;
end
$$;
alter table authorization_request add constraint authorization_request_is_sound check (is_sound(authorization_request));

-- A code is redeemed once and stays redeemed. The condition is in the function, because PostgreSQL parses that of a trigger for every
-- statement.
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
create trigger authorization_request_stays_as_pushed
  before update of interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state, code_challenge, dpop_jkt, pushed_at,
                   expires_at, scope, nonce, request_object_sealed, request_object_jti_hash
  on authorization_request for each row execute function refuse_frozen_columns('what was pushed');
create trigger authorization_request_stays
  before delete or truncate on authorization_request for each statement execute function refuse_change();
alter table authorization_request
  enable always trigger authorization_request_redeemed_once,
  enable always trigger authorization_request_stays_as_pushed,
  enable always trigger authorization_request_stays;

grant select, insert, update (used_at, code_hash, code_expires_at, code_used_at, authorised_consent_id)
  on authorization_request to sigill_app;
grant select on authorization_request to sigill_auditor;

-- Pushed authorization requests of logins, and the one code of each. A table of its own beside authorization_request, whose rows belong
-- to payments: no row, no code and no condition can lead from one to the other.
create table login_request (
  login_id         uuid          primary key references login,
  client_id        nonempty_text not null,
  -- SHA-256 of the random part of the request_uri.
  request_uri_hash sha256_hash   not null unique,
  redirect_uri     text          not null,
  state            text,
  -- S256.
  code_challenge   base64url_256 not null,
  -- The key that the code is bound to (RFC 9449 §10), where the push named one.
  dpop_jkt         base64url_256,
  -- SHA-256 of client and jti of the client's signed request, if it has a jti: such a request is pushed once.
  request_object_jti_hash sha256_hash,
  -- What was pushed, sealed for its login under the data key of the login. It is compared before a token is given.
  request_sealed   bytea         not null,
  pushed_at        timestamptz   not null,
  expires_at       timestamptz   not null,
  -- When the browser was sent back to the client; the request_uri is not valid after that.
  used_at          timestamptz,
  -- SHA-256 of the code. A reload before the redemption replaces it.
  code_hash        sha256_hash   unique,
  code_expires_at  timestamptz,
  code_used_at     timestamptz,
  -- No code without an authentication, and so none without evidence.
  authenticated_id uuid          references authentication (login_id),
  constraint login_request_is_sound check (
    expires_at > pushed_at
    and (authenticated_id is null or authenticated_id = login_id)
    and case when code_hash is null then num_nonnulls(code_expires_at, authenticated_id, code_used_at) = 0
             else num_nulls(code_expires_at, authenticated_id, used_at) = 0
        end)
) with (fillfactor = 85);

create unique index login_request_of_one_jti on login_request (request_object_jti_hash)
  where request_object_jti_hash is not null;

create trigger login_request_redeemed_once
  before update on login_request for each row execute function refuse_second_redemption();
create trigger login_request_stays_as_pushed
  before update of login_id, client_id, request_uri_hash, redirect_uri, state, code_challenge, dpop_jkt, request_object_jti_hash,
                   request_sealed, pushed_at, expires_at
  on login_request for each row execute function refuse_frozen_columns('what was pushed');
create trigger login_request_stays
  before delete or truncate on login_request for each statement execute function refuse_change();
alter table login_request
  enable always trigger login_request_redeemed_once,
  enable always trigger login_request_stays_as_pushed,
  enable always trigger login_request_stays;

grant select, insert, update (used_at, code_hash, code_expires_at, code_used_at, authenticated_id) on login_request to sigill_app;
grant select on login_request to sigill_auditor;

-- Backchannel requests (OpenID CIBA Core 1.0 §7): the payer is reached by the client, in an app, by a QR code or in a phone call.
create domain backchannel_id as text check (value ~ '^[A-Za-z0-9_-]{22}$');
create domain backchannel_way as text check (value in ('app', 'qr', 'phone'));

create table backchannel_request (
  -- Names the request in URLs, and is no credential.
  id                      backchannel_id  primary key,
  -- SHA-256 of the auth_req_id.
  auth_req_id_hash        sha256_hash     not null unique,
  client_id               nonempty_text   not null,
  -- What it asks for: a payment, or a login.
  consent_id              uuid            unique references consent,
  login_id                uuid            unique references login,
  way                     backchannel_way not null,
  -- The key or the certificate that the request is bound to; without one, the key of the redeeming call binds the token.
  jkt                     base64url_256,
  x5t                     base64url_256,
  scope                   text,
  nonce                   nonempty_text,
  -- The client's signed request as received, with the reference of its operator, sealed under the data key of consent
  -- or login. The redemption of a payment copies it into the evidence.
  request_object_sealed   bytea           not null,
  -- SHA-256 of client and jti of that request, which is sent once.
  request_object_jti_hash sha256_hash     not null,
  requested_at            timestamptz     not null,
  expires_at              timestamptz     not null,
  -- When BankID refused the order, or could not be asked. The client was given no auth_req_id, and may send the same request again.
  refused_at              timestamptz,
  redeemed_at             timestamptz,
  -- auth_req_id and client_notification_token, sealed, while a ping (§10.2) has to be sent: the row is its outbox. They are erased when
  -- the ping was sent, was given up or is not needed any more.
  ping_sealed             bytea,
  ping_tries              smallint        not null default 0 check (ping_tries between 0 and 5),
  -- Not before then; while an instance is sending, the end of its lease.
  ping_due_at             timestamptz,
  ping_lease              uuid
) with (fillfactor = 85);
-- A statement that looks for one request says num_nonnulls(refused_at) = 0: while the table has no statistics, PostgreSQL may scan these
-- indexes instead of finding the one row by its key.
create unique index backchannel_request_of_one_jti on backchannel_request (request_object_jti_hash) where refused_at is null;
-- An app's installation makes a key for one request alone: the app that is returned to proves by it that this request was its own.
create unique index backchannel_request_of_one_app on backchannel_request (jkt) where way = 'app' and refused_at is null;
create index backchannel_request_of_key on backchannel_request (jkt) where jkt is not null;
create index backchannel_request_to_ping on backchannel_request (ping_due_at) where ping_due_at is not null;

create function is_sound(r backchannel_request) returns boolean
  language plpgsql immutable
as $$
begin
  return r.expires_at > r.requested_at
     and num_nonnulls(r.consent_id, r.login_id) = 1
     and num_nonnulls(r.jkt, r.x5t) <= 1
     and (r.way <> 'app' or r.jkt is not null)
     and (r.scope is null or r.scope = 'openid')
     and (r.nonce is null or r.scope is not null)
     and num_nonnulls(r.refused_at, r.redeemed_at) <= 1
     and (r.ping_sealed is null) = (r.ping_due_at is null)
     and (r.ping_sealed is null or num_nonnulls(r.refused_at, r.redeemed_at) = 0);
end
$$;
alter table backchannel_request add constraint backchannel_request_is_sound check (is_sound(backchannel_request));

-- What has ended stays ended, and what was sealed for a ping can only be erased.
create function refuse_return_of_request() returns trigger
  language plpgsql
as $$
begin
  if num_nonnulls(old.refused_at, old.redeemed_at) > 0
     and (new.refused_at, new.redeemed_at) is distinct from (old.refused_at, old.redeemed_at)
     or new.ping_sealed is not null and new.ping_sealed is distinct from old.ping_sealed then
    raise exception 'backchannel_request: what has ended or was sealed never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

create trigger backchannel_request_stays_as_requested
  before update of id, auth_req_id_hash, client_id, consent_id, login_id, way, jkt, x5t, scope, nonce, request_object_sealed,
                   request_object_jti_hash, requested_at, expires_at
  on backchannel_request for each row execute function refuse_frozen_columns('what was requested');
create trigger backchannel_request_stays_ended
  before update of refused_at, redeemed_at, ping_sealed
  on backchannel_request for each row execute function refuse_return_of_request();
create trigger backchannel_request_stays
  before delete or truncate on backchannel_request for each statement execute function refuse_change();
alter table backchannel_request
  enable always trigger backchannel_request_stays_as_requested,
  enable always trigger backchannel_request_stays_ended,
  enable always trigger backchannel_request_stays;

grant select, insert, update (refused_at, redeemed_at, ping_sealed, ping_tries, ping_due_at, ping_lease)
  on backchannel_request to sigill_app;
grant select on backchannel_request to sigill_auditor;

-- When a pending request was last asked for, and how long its client has to wait. Unlogged, and without a foreign key, which would lock
-- the row of the request: asking costs no durable write. A crash empties it, and the intervals begin again.
create unlogged table backchannel_poll (
  request_id       backchannel_id primary key,
  polled_at        timestamptz    not null,
  interval_seconds integer        not null check (interval_seconds > 0),
  -- Whether the last one came before the interval was over.
  was_early        boolean        not null,
  -- When the row is of no use any more.
  expires_at       timestamptz    not null
) with (fillfactor = 70);
create index backchannel_poll_expires_at on backchannel_poll (expires_at);

grant select, insert, update (polled_at, interval_seconds, was_early), delete on backchannel_poll to sigill_app;

-- Idempotency-Key: a client that repeats a push within a day, or a backchannel request within a minute, is given the same consent.
create table idempotent_push (
  -- SHA-256 of client id and key.
  key_hash       sha256_hash    primary key,
  -- Keyed hash of what was pushed, which may hold a personal number.
  request_hash   bytea          not null,
  consent_id     uuid           references consent,
  -- A backchannel request claims its key before it is stored.
  backchannel_id backchannel_id references backchannel_request deferrable initially deferred,
  expires_at     timestamptz    not null,
  constraint idempotent_push_of_one check (num_nonnulls(consent_id, backchannel_id) = 1)
);
create index idempotent_push_expires_at on idempotent_push (expires_at);
create index idempotent_push_of_request on idempotent_push (backchannel_id) where backchannel_id is not null;
create index idempotent_push_lookup_key
  on idempotent_push (encode(substring(request_hash from 2 for greatest(octet_length(request_hash) - 33, 0)), 'escape'), expires_at);

grant select, insert, update (request_hash, consent_id, backchannel_id, expires_at), delete on idempotent_push to sigill_app;
