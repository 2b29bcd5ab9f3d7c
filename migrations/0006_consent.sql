-- Payment consents: what is asked, by whom, how far it has come; the signature's authorisation; attempts to sign.
--
-- awaiting-authorisation -> authorised -> consumed, or rejected | expired | revoked. Every move is one conditional update.
create table consent (
  id                    uuid        primary key,
  -- Client ids. The bank is a condition of every query of a bank or its auditors.
  bank                  text        not null check (bank <> ''),
  client_id             text        not null check (client_id <> ''),
  -- The only name by which a browser knows the consent.
  interaction_id        text        not null unique check (interaction_id ~ '^[A-Za-z0-9_-]{22}$'),
  state                 text        not null default 'awaiting-authorisation'
                                    check (state in ('awaiting-authorisation', 'authorised', 'consumed', 'rejected', 'expired', 'revoked')),
  reason                text        check (reason in ('declined', 'attempts', 'signature', 'risk', 'device-not-bound', 'no-authorisation',
                                                      'no-return', 'no-consumption', 'tpp', 'bank', 'code-reused')),
  -- Snapshots at the push: the signed text is made from them, whatever is registered later.
  tpp_name              text        not null check (tpp_name <> ''),
  authorisation_number  text        not null check (authorisation_number <> ''),
  initiation            jsonb       not null,
  -- SHA-256 of the RFC 8785 form of the initiation.
  payment_hash          bytea       not null check (octet_length(payment_hash) = 32),
  names_debtor_account  boolean     not null,
  -- Keyed hash and sealed number of the payer whom the TPP named.
  bound_payer_hash      bytea,
  login_hint_sealed     bytea,
  browser_cookie_hash   bytea       check (octet_length(browser_cookie_hash) = 32),
  failed_attempts       integer     not null default 0 check (failed_attempts between 0 and 5),
  created_at            timestamptz not null,
  -- To the authorisation, then to the browser's return, then to the consumption.
  expires_at            timestamptz not null,
  authorised_at         timestamptz,
  returned_at           timestamptz,
  ended_at              timestamptz,
  live_token_hash       bytea       check (octet_length(live_token_hash) = 32),
  live_token_expires_at timestamptz,
  payment_reference     text,
  -- Keyed hash of the consume request, and the first answer to it: the same request is answered so for ever.
  consume_request_hash  bytea,
  consume_answer        jsonb,
  -- Added by the bank where the initiation names none.
  debtor_account        jsonb,
  execution             text        check (execution in ('pending', 'executed', 'failed')),
  execution_reason      text,
  execution_reported_at timestamptz,
  check (expires_at > created_at),
  check ((bound_payer_hash is null) = (login_hint_sealed is null)),
  check ((live_token_hash is null) = (live_token_expires_at is null)),
  check (state not in ('authorised', 'consumed') or authorised_at is not null),
  check ((state in ('rejected', 'expired', 'revoked')) = (reason is not null)),
  check ((state in ('consumed', 'rejected', 'expired', 'revoked')) = (ended_at is not null)),
  check ((state = 'consumed') = (payment_reference is not null)),
  check ((state = 'consumed') = (consume_request_hash is not null)),
  check ((state = 'consumed') = (consume_answer is not null)),
  check ((state = 'consumed') = (execution is not null)),
  check ((execution = 'failed') = (execution_reason is not null))
) with (fillfactor = 70);

create unique index consent_payment_reference on consent (bank, payment_reference) where payment_reference is not null;
create unique index consent_live_token on consent (live_token_hash) where live_token_hash is not null;
create index consent_expiring on consent (expires_at) where state in ('awaiting-authorisation', 'authorised');

-- The second lock behind the conditional updates.
create function refuse_illegal_consent_move() returns trigger
  language plpgsql
as $$
begin
  if new.state <> old.state and not (
    (old.state = 'awaiting-authorisation' and new.state in ('authorised', 'rejected', 'expired', 'revoked'))
    or (old.state = 'authorised' and new.state in ('consumed', 'expired', 'revoked'))
  ) then
    raise exception 'a consent does not go from % to %', old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger consent_moves before update of state on consent for each row execute function refuse_illegal_consent_move();
alter table consent enable always trigger consent_moves;
create trigger consent_stays before delete or truncate on consent for each statement execute function refuse_change();
alter table consent enable always trigger consent_stays;

-- One signature, verified and kept: no row without evidence, never two for a consent.
create table authorisation (
  consent_id      uuid        primary key references consent,
  evidence_id     uuid        not null unique references evidence,
  evidence_digest bytea       not null check (octet_length(evidence_digest) = 32),
  order_id        uuid        not null unique references sign_order,
  -- The signer: number sealed with the consent's data key, keyed hash for comparing, pairwise name for the TPP.
  payer_sealed    bytea       not null,
  payer_hash      bytea       not null,
  payer_subject   text        not null check (payer_subject <> ''),
  signed_at       timestamptz not null,
  authorised_at   timestamptz not null
);
create trigger authorisation_is_append_only
  before update or delete or truncate on authorisation for each statement execute function refuse_change();
alter table authorisation enable always trigger authorisation_is_append_only;

-- One press of the button "sign"; the renewals of its QR code belong to it. What the limits are counted from.
create table signing_attempt (
  id                uuid        primary key,
  consent_id        uuid        not null references consent,
  client_id         text        not null,
  bound_payer_hash  bytea,
  return_nonce_hash bytea       not null check (octet_length(return_nonce_hash) = 32),
  started_at        timestamptz not null,
  -- When the nonce came back in the bound browser.
  returned_at       timestamptz,
  outcome           text        check (outcome in ('not-placed', 'withdrawn', 'failed', 'refused', 'surplus', 'authorised')),
  ended_at          timestamptz,
  check ((outcome is null) = (ended_at is null))
);
create index signing_attempt_of_consent on signing_attempt (consent_id);
create index signing_attempt_of_payer on signing_attempt (bound_payer_hash, started_at) where bound_payer_hash is not null;

-- Column by column: what was pushed cannot be altered by the service itself.
grant select, insert on consent to sigill_app;
grant update (state, reason, browser_cookie_hash, failed_attempts, expires_at, authorised_at, returned_at, ended_at, live_token_hash,
              live_token_expires_at, payment_reference, consume_request_hash, consume_answer, debtor_account, execution,
              execution_reason, execution_reported_at) on consent to sigill_app;
grant select, insert on authorisation to sigill_app;
grant select, insert on signing_attempt to sigill_app;
grant update (returned_at, outcome, ended_at) on signing_attempt to sigill_app;
grant select on consent, authorisation, signing_attempt to sigill_auditor;
