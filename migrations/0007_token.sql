-- Pushed authorization requests and the one code of each. The consent itself stands in `consent`, the token in `access_token`.
create table authorization_request (
  interaction_id text primary key references consent (interaction_id),
  consent_id uuid not null unique references consent,
  client_id text not null,
  -- SHA-256 of the random part of the request_uri.
  request_uri_hash bytea not null unique check (octet_length(request_uri_hash) = 32),
  redirect_uri text not null,
  state text,
  -- S256, base64url.
  code_challenge text not null check (code_challenge ~ '^[A-Za-z0-9_-]{43}$'),
  -- The key that the code is bound to (RFC 9449 §10), where the push named one.
  dpop_jkt text check (dpop_jkt ~ '^[A-Za-z0-9_-]{43}$'),
  pushed_at timestamptz not null,
  expires_at timestamptz not null,
  -- When the browser was sent back: the request_uri is used up.
  used_at timestamptz,
  -- SHA-256 of the code; a reload before the redemption replaces it.
  code_hash bytea unique check (octet_length(code_hash) = 32),
  code_expires_at timestamptz,
  code_used_at timestamptz,
  -- No code without an authorisation, and so none without evidence.
  authorised_consent_id uuid references authorisation (consent_id),
  check (expires_at > pushed_at),
  check ((code_hash is null) = (code_expires_at is null)),
  check ((code_hash is null) = (authorised_consent_id is null)),
  check (authorised_consent_id = consent_id),
  check (code_hash is null or used_at is not null),
  check (code_used_at is null or code_hash is not null)
);

-- A code is redeemed once and stays redeemed, whoever asks.
create function refuse_second_redemption() returns trigger
  language plpgsql
as $$
begin
  raise exception 'a redeemed code never changes' using errcode = 'check_violation';
end
$$;
create trigger authorization_request_redeemed_once
  before update on authorization_request for each row
  when (old.code_used_at is not null
        and (new.code_hash is distinct from old.code_hash or new.code_used_at is distinct from old.code_used_at))
  execute function refuse_second_redemption();
alter table authorization_request enable always trigger authorization_request_redeemed_once;

grant select, insert on authorization_request to sigill_app;
grant update (used_at, code_hash, code_expires_at, code_used_at, authorised_consent_id) on authorization_request to sigill_app;
grant select on authorization_request to sigill_auditor;
