-- What clients authenticate with: opaque access tokens, and the record of proofs that were claimed.

create domain token_kind as text check (value in ('consent', 'login', 'machine'));

-- A token is stored as its SHA-256, so that reading the table yields no token. It is bound to a DPoP key (RFC 9449 §6.1) or to a
-- certificate (RFC 8705 §3.1).
create table access_token (
  token_hash sha256_hash primary key,
  kind       token_kind  not null,
  client_id  text        not null,
  -- The bank that the consent is for (the token's audience); of a bank's or an auditor's machine token, that bank.
  bank       text,
  scope      text,
  -- A consent gets one token, ever, and so does a login. A code that is presented again finds the token by its consent.
  consent_id uuid        unique,
  login_id   uuid        unique,
  jkt        base64url_256,
  x5t        base64url_256,
  issued_at  timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint access_token_lifetime check (expires_at > issued_at),
  constraint access_token_one_binding check (num_nonnulls(jkt, x5t) = 1),
  constraint access_token_of_its_kind check (
    case kind
      when 'consent' then num_nulls(consent_id, bank) = 0 and num_nonnulls(login_id, scope) = 0
      when 'login' then num_nulls(login_id, scope) = 0 and num_nonnulls(consent_id, bank) = 0
      else num_nonnulls(consent_id, login_id) = 0 and scope is not null
    end)
);
create index access_token_expires_at on access_token (expires_at);

-- A token is revoked once.
create function refuse_second_revocation() returns trigger
  language plpgsql
as $$
begin
  if old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at then
    raise exception 'access_token: a revocation never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

-- There is no lock against deletion: expired tokens are deleted.
create trigger access_token_stays_as_issued
  before update of token_hash, kind, client_id, bank, scope, consent_id, login_id, jkt, x5t, issued_at, expires_at
  on access_token for each row execute function refuse_frozen_columns('what was issued');
create trigger access_token_revoked_once
  before update of revoked_at on access_token for each row execute function refuse_second_revocation();
alter table access_token
  enable always trigger access_token_stays_as_issued,
  enable always trigger access_token_revoked_once;

grant select, insert, update (revoked_at), delete on access_token to sigill_app;

-- SHA-256 of kind, issuer and jti of each client assertion and DPoP proof that was claimed, until it expires.
--
-- Unlogged, like claim_record, so that no request waits for the disk to claim its proofs. A crash, a restored base backup and the
-- promotion of a standby empty both tables together (PostgreSQL, CREATE TABLE, UNLOGGED); an orderly stop keeps them. Without the row
-- of claim_record no proof is accepted; with it, none that could have been claimed before `complete_since`.
create unlogged table claimed_proof (
  jti_hash   sha256_hash primary key,
  expires_at timestamptz not null
);
create index claimed_proof_expires_at on claimed_proof (expires_at);

create unlogged table claim_record (
  one            boolean     primary key default true check (one),
  complete_since timestamptz not null
);
-- A new database has lost no claim.
insert into claim_record (complete_since) values ('-infinity');

grant select, insert, delete on claimed_proof to sigill_app;
grant select, insert, update (complete_since) on claim_record to sigill_app;
