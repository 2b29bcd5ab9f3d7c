-- Pushed authorization requests, and the one code of each.
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

-- Idempotency-Key at PAR: a client that repeats a push within a day is given the same consent.
create table idempotent_push (
  -- SHA-256 of client id and key.
  key_hash     sha256_hash primary key,
  -- Keyed hash of what was pushed, which may hold a personal number.
  request_hash bytea       not null,
  consent_id   uuid        not null references consent,
  expires_at   timestamptz not null
);
create index idempotent_push_expires_at on idempotent_push (expires_at);
create index idempotent_push_lookup_key
  on idempotent_push (encode(substring(request_hash from 2 for greatest(octet_length(request_hash) - 33, 0)), 'escape'), expires_at);

grant select, insert, update (request_hash, consent_id, expires_at), delete on idempotent_push to sigill_app;
