-- Tokens bound to certificates, signed requests, OpenID Connect, and pushes that can be repeated.

-- A token is bound to a DPoP key (RFC 9449 §6.1) or to a certificate (RFC 8705 §3.1): to exactly one of them.
alter table access_token alter column jkt drop not null;
alter table access_token add column x5t text check (x5t ~ '^[A-Za-z0-9_-]{43}$');
alter table access_token add constraint access_token_one_binding check (num_nonnulls(jkt, x5t) = 1);

alter table authorization_request
  add column scope text check (scope = 'openid'),
  add column nonce text check (nonce <> ''),
  -- The TPP's signed request as it came (RFC 9101), sealed with the consent's data key. It goes into the evidence with the redemption.
  add column request_object_sealed bytea,
  add constraint authorization_request_nonce check (nonce is null or scope is not null);

-- Idempotency-Key at PAR: who pushes the same again within a day is given the same consent.
create table idempotent_push (
  -- SHA-256 over client id and key.
  key_hash     bytea       primary key check (octet_length(key_hash) = 32),
  -- Keyed hash of what was pushed: it may hold a personal number.
  request_hash bytea       not null,
  -- Null only while the transaction that claims the key is at work.
  consent_id   uuid        references consent,
  expires_at   timestamptz not null
);
create index idempotent_push_expires_at on idempotent_push (expires_at);

grant select, insert, delete on idempotent_push to sigill_app;
grant update (request_hash, consent_id, expires_at) on idempotent_push to sigill_app;
