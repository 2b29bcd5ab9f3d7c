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
                   pushed_at, expires_at
  on login_request for each row execute function refuse_frozen_columns('what was pushed');
create trigger login_request_stays
  before delete or truncate on login_request for each statement execute function refuse_change();
alter table login_request
  enable always trigger login_request_redeemed_once,
  enable always trigger login_request_stays_as_pushed,
  enable always trigger login_request_stays;

grant select, insert, update (used_at, code_hash, code_expires_at, code_used_at, authenticated_id) on login_request to sigill_app;
grant select on login_request to sigill_auditor;

-- A backchannel request asks for a payment or for a login.
alter table backchannel_request add constraint backchannel_request_login_id_fkey foreign key (login_id) references login;
