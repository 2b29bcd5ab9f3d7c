-- What callers prove themselves with: access tokens, and the ids that may be used only once.

-- Opaque tokens, stored as SHA-256 of the token: a reader of this table holds no token.
create table access_token (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  kind text not null check (kind in ('consent', 'machine')),
  client_id text not null,
  -- The bank whose consent it is (the token's aud); for a machine token of a bank or an auditor, that bank.
  bank text,
  scope text,
  consent_id uuid,
  -- RFC 7638 thumbprint of the key that the token is bound to (RFC 9449 §6.1). There are no unbound tokens.
  jkt text not null check (jkt ~ '^[A-Za-z0-9_-]{43}$'),
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  check (expires_at > issued_at),
  check ((kind = 'consent') = (consent_id is not null)),
  check ((kind = 'machine') = (scope is not null)),
  check (kind = 'machine' or bank is not null)
);

-- One live token per consent; a used code presented again finds the token by its consent.
create unique index access_token_one_live_per_consent on access_token (consent_id) where revoked_at is null and kind = 'consent';
create index access_token_expires_at on access_token (expires_at);

-- SHA-256 over kind, issuer and jti of every client assertion and DPoP proof that was accepted as genuine, until it expires.
create table used_jti (
  jti_hash bytea primary key check (octet_length(jti_hash) = 32),
  expires_at timestamptz not null
);

create index used_jti_expires_at on used_jti (expires_at);

grant select, insert, delete on access_token to sigill_app;
grant update (revoked_at) on access_token to sigill_app;
grant select, insert, delete on used_jti to sigill_app;
