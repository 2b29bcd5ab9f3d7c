-- Payment consents: what was pushed and by whom, how far the consent has come, what was signed, and the attempts to sign.

create domain interaction_id as text check (value ~ '^[A-Za-z0-9_-]{22}$');
create domain consent_state as text
  check (value in ('awaiting-authorisation', 'authorised', 'consumed', 'rejected', 'expired', 'revoked'));
create domain consent_reason as text
  check (value in ('declined', 'attempts', 'order-failed', 'signature', 'risk', 'device-not-bound', 'bank-policy',
                   'no-authorisation', 'no-return', 'no-consumption', 'tpp', 'bank', 'code-reused'));
-- How the payer is reached, and for a phone call, who called: the payer or the TPP, in BankID's words.
create domain consent_way as text check (value in ('browser', 'app', 'qr', 'phone'));
create domain call_initiator as text check (value in ('user', 'RP'));
create domain execution_state as text check (value in ('pending', 'executed', 'failed'));
create domain attempt_count as integer check (value between 0 and 5);

-- awaiting-authorisation -> authorised -> consumed, or rejected | expired | revoked. Each move is one conditional update.
create table consent (
  id                    uuid            primary key,
  -- Client ids. The bank is a condition of every query made for it or its auditors.
  bank                  nonempty_text   not null,
  client_id             nonempty_text   not null,
  -- The only name by which a browser knows the consent. Of another way than the browser, it is told to no caller, and no page serves it.
  interaction_id        interaction_id  not null unique,
  state                 consent_state   not null default 'awaiting-authorisation',
  -- Why it ended, if not by consumption.
  reason                consent_reason,
  way                   consent_way     not null default 'browser',
  call_initiator        call_initiator,
  -- Snapshots of the push: the signed text is made from these, even if the registration changes later.
  bank_name             nonempty_text   not null,
  tpp_name              nonempty_text   not null,
  authorisation_number  nonempty_text   not null,
  -- Null, as are the other personal columns, where the consent was erased.
  initiation            jsonb,
  -- What the verification of the payee said, where the TPP sent it; signed, and no part of the payment.
  creditor_name_verification jsonb,
  -- Keyed hash and sealed personal number of the payer whom the TPP named.
  bound_payer_hash      bytea,
  login_hint_sealed     bytea,
  browser_cookie_hash   sha256_hash,
  failed_attempts       attempt_count   not null default 0,
  created_at            timestamptz     not null,
  -- Until the authorisation, then until the browser's return, then until the consumption.
  expires_at            timestamptz     not null,
  authorised_at         timestamptz,
  returned_at           timestamptz,
  ended_at              timestamptz,
  live_token_hash       sha256_hash,
  live_token_expires_at timestamptz,
  payment_reference     text,
  -- Its event names the reference by a hash over this and the reference, which says nothing when the consent is erased.
  payment_reference_salt sha256_hash,
  -- Keyed hash of the consume request, and the first answer to it: the same request always gets the same answer.
  consume_request_hash  bytea,
  consume_answer        jsonb,
  -- Added by the bank where the initiation names none.
  debtor_account        jsonb,
  execution             execution_state,
  execution_reason      text,
  execution_reported_at timestamptz
) with (fillfactor = 85);
-- Figures of a period. Each takes a few pages, which a new row does not touch, and leaves updates in their page (HOT).
create index consent_by_push on consent using brin (created_at);
create index consent_by_execution on consent using brin (execution_reported_at);
create unique index consent_payment_reference on consent (bank, payment_reference) where payment_reference is not null;
-- Consents that may still expire. A statement that looks up one consent says `state`, never `ended_at is null`: while the table has no
-- statistics, PostgreSQL may scan this index instead of finding the one row by its key.
create index consent_expiring on consent (expires_at) where ended_at is null;
-- A client's latest backchannel requests, to find an earlier one for the same payment.
create index consent_of_request on consent (client_id, created_at) where way <> 'browser';
-- Backchannel requests whose order may have failed to be made.
create index consent_of_open_request on consent (created_at) where ended_at is null and way <> 'browser';
-- For finding out which look-up keys are still needed, at the start of the service and every minute: one step in the index for each key.
-- A keyed hash is length ‖ id of its key ‖ 32 bytes of HMAC-SHA256.
create index consent_consume_lookup_key
  on consent (encode(substring(consume_request_hash from 2 for greatest(octet_length(consume_request_hash) - 33, 0)), 'escape'), ended_at)
  where consume_request_hash is not null;

-- The rules for a consent's own columns. One function, because PostgreSQL parses the expression of each CHECK for every statement: as
-- eight constraints, these rules took a third of the time of an update.
create function is_sound(c consent) returns boolean
  language plpgsql immutable
as $$
begin
  return c.expires_at > c.created_at
     and (c.bound_payer_hash is null) = (c.login_hint_sealed is null)
     and (c.call_initiator is not null) = (c.way = 'phone')
     and (c.browser_cookie_hash is null or c.way = 'browser')
     and (c.live_token_hash is null) = (c.live_token_expires_at is null)
     -- Open until it has ended; ended without a reason only by consumption; never consumed without having been authorised.
     and (c.state = 'awaiting-authorisation' or c.state = 'authorised') = (c.ended_at is null)
     and (c.ended_at is null or c.state = 'consumed') = (c.reason is null)
     and (c.authorised_at is not null or c.state = 'awaiting-authorisation' or c.reason is not null)
     and case when c.initiation is null
              then num_nonnulls(c.creditor_name_verification, c.bound_payer_hash, c.payment_reference, c.payment_reference_salt,
                                c.consume_request_hash, c.consume_answer, c.debtor_account, c.execution_reason) = 0
              else num_nonnulls(c.execution, c.payment_reference, c.consume_request_hash, c.consume_answer)
                   = 4 * (c.state = 'consumed')::integer
                   and (c.execution is not distinct from 'failed') = (c.execution_reason is not null)
         end;
end
$$;
alter table consent add constraint consent_is_sound check (is_sound(consent));

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

-- What the bank reports of the payment may still come after the end, once: pending -> executed | failed.
create function refuse_change_after_end() returns trigger
  language plpgsql
as $$
begin
  -- What an erasure may change, consent_stays_as_pushed decides.
  if old.ended_at is null or (new.initiation is null and old.initiation is not null) then
    return new;
  end if;
  if (new.state, new.reason, new.browser_cookie_hash, new.failed_attempts, new.expires_at, new.authorised_at, new.returned_at,
      new.ended_at, new.live_token_hash, new.live_token_expires_at, new.payment_reference, new.payment_reference_salt, new.consume_request_hash,
      new.consume_answer, new.debtor_account)
     is distinct from
     (old.state, old.reason, old.browser_cookie_hash, old.failed_attempts, old.expires_at, old.authorised_at, old.returned_at,
      old.ended_at, old.live_token_hash, old.live_token_expires_at, old.payment_reference, old.payment_reference_salt, old.consume_request_hash,
      old.consume_answer, old.debtor_account)
     or ((new.execution, new.execution_reason, new.execution_reported_at)
         is distinct from (old.execution, old.execution_reason, old.execution_reported_at)
         and (old.execution is distinct from 'pending' or new.execution is not distinct from 'pending'
              or new.execution_reported_at is null)) then
    raise exception 'consent: what has ended never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

-- The number of failed attempts is what ends a consent, so it never falls.
create function refuse_fewer_attempts() returns trigger
  language plpgsql
as $$
begin
  if new.failed_attempts < old.failed_attempts then
    raise exception 'consent: a failed attempt is never taken back' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

create trigger consent_moves before update of state on consent for each row execute function refuse_illegal_consent_move();
create trigger consent_stays_as_pushed
  before update of id, bank, client_id, interaction_id, way, call_initiator, bank_name, tpp_name, authorisation_number, initiation,
                   creditor_name_verification, bound_payer_hash, login_hint_sealed, created_at
  on consent for each row execute function refuse_unless_erased(
    'what was pushed', 'id', 'initiation', 'creditor_name_verification', 'bound_payer_hash', 'login_hint_sealed', 'payment_reference', 'payment_reference_salt',
    'consume_request_hash', 'consume_answer', 'debtor_account', 'execution_reason');
create trigger consent_stays_ended
  before update of state, reason, browser_cookie_hash, failed_attempts, expires_at, authorised_at, returned_at, ended_at,
                   live_token_hash, live_token_expires_at, payment_reference, payment_reference_salt, consume_request_hash,
                   consume_answer, debtor_account, execution, execution_reason, execution_reported_at
  on consent for each row execute function refuse_change_after_end();
create trigger consent_attempts_rise
  before update of failed_attempts on consent for each row execute function refuse_fewer_attempts();
create trigger consent_stays before delete or truncate on consent for each statement execute function refuse_change();
alter table consent
  enable always trigger consent_moves,
  enable always trigger consent_stays_as_pushed,
  enable always trigger consent_stays_ended,
  enable always trigger consent_attempts_rise,
  enable always trigger consent_stays;

-- What the payer signed, beside the signature: no row without evidence, never two for a consent. Introspection, token and consumption
-- answer from here, not from what was pushed.
--
-- The service makes the two MACs under a look-up key, which the database does not hold: a login that changes a row cannot make the MAC
-- that belongs to it. payment_mac covers consent, evidence, environment, bank, client, initiation, the evidence's digest, the payer's
-- pairwise identifier and the time of the signature; payer_mac covers consent and personal number. Each begins with the length and the id
-- of its key.
create table authorisation (
  consent_id      uuid          primary key references consent,
  evidence_id     uuid          not null references evidence,
  evidence_digest sha256_hash   not null,
  order_id        uuid          not null references sign_order,
  environment     environment   not null,
  bank            nonempty_text not null,
  client_id       nonempty_text not null,
  -- RFC 8785 text of the payment that was signed.
  -- It and the other personal columns become null when the consent is erased.
  initiation      nonempty_text,
  -- The signer: the personal number, sealed under the consent's data key, and the pairwise identifier that the TPP is given (`sub`).
  payer_sealed    bytea         not null,
  payer_subject   nonempty_text,
  payment_mac     bytea,
  payer_mac       bytea,
  -- The id of the look-up key in readable form, for finding out which keys are still needed.
  lookup_key_id   text
    generated always as (encode(substring(payment_mac from 2 for greatest(octet_length(payment_mac) - 33, 0)), 'escape')) stored,
  signed_at       timestamptz   not null,
  authorised_at   timestamptz   not null,
  constraint authorisation_macs check (octet_length(payment_mac) > 33 and octet_length(payer_mac) > 33)
);
create index authorisation_lookup_key on authorisation (lookup_key_id, authorised_at) where lookup_key_id is not null;
-- An export goes through a period page by page.
create index authorisation_by_time on authorisation (authorised_at, evidence_id);

-- Only the accepted evidence of this very consent and order authorises. As a consent has one authorisation, evidence and order have no
-- second one either. It is checked after the statement, which may store the authorisation before the evidence.
create function check_authorisation_evidence() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from evidence e
                  where e.id = new.evidence_id and e.kind = 'accepted' and e.consent_id = new.consent_id
                    and e.order_id = new.order_id and e.digest = new.evidence_digest) then
    raise exception 'the evidence does not belong to the authorisation' using errcode = 'check_violation';
  end if;
  return null;
end
$$;

create trigger authorisation_evidence after insert on authorisation for each row execute function check_authorisation_evidence();
create trigger authorisation_is_append_only
  before delete or truncate on authorisation for each statement execute function refuse_change();
create trigger authorisation_stays_as_signed
  before update on authorisation for each row execute function refuse_unless_erased(
    'what was signed', 'consent_id', 'initiation', 'payer_subject', 'payment_mac', 'payer_mac');
alter table authorisation
  enable always trigger authorisation_evidence,
  enable always trigger authorisation_stays_as_signed,
  enable always trigger authorisation_is_append_only;

-- One press of the button that starts an order, with the renewals of its QR code. The legal limits are counted from these rows.
create table signing_attempt (
  id                uuid          primary key,
  consent_id        uuid          not null references consent,
  client_id         text          not null,
  bound_payer_hash  bytea,
  -- Null where nothing comes back: of a QR code that the TPP shows, and of a phone call.
  return_nonce_hash sha256_hash,
  started_at        timestamptz   not null,
  -- When the nonce came back in the bound browser: once, and perhaps after the order has ended.
  returned_at       timestamptz,
  -- How the press ended. Among them:
  -- failed     the payer tried, and it costs the consent an attempt
  -- unreached  it ended before the payer was asked for the security code, and costs no attempt
  -- not-asked  BankID was never asked, because an order was open; it does not count as a press
  outcome           text          check (outcome in ('not-asked', 'not-placed', 'withdrawn', 'unreached', 'failed', 'refused', 'surplus',
                                                     'authorised')),
  -- BankID's hint code, or a word of ours in kebab-case.
  failure           nonempty_text,
  -- Whether BankID reported userSign: the payer was asked for the security code.
  reached_signing   boolean       not null default false,
  ended_at          timestamptz,
  -- When the payer cancelled the order on our page.
  cancelled_at      timestamptz,
  constraint signing_attempt_ended check ((outcome is null) = (ended_at is null))
);
create index signing_attempt_of_consent on signing_attempt (consent_id);
create index signing_attempt_of_payer on signing_attempt (bound_payer_hash, started_at) where bound_payer_hash is not null;
create index signing_attempt_lookup_key
  on signing_attempt (encode(substring(bound_payer_hash from 2 for greatest(octet_length(bound_payer_hash) - 33, 0)), 'escape'), started_at)
  where bound_payer_hash is not null;

create function refuse_change_of_attempt() returns trigger
  language plpgsql
as $$
begin
  if old.outcome is not null
     and (new.outcome, new.failure, new.reached_signing, new.ended_at, new.cancelled_at)
         is distinct from (old.outcome, old.failure, old.reached_signing, old.ended_at, old.cancelled_at)
     or old.returned_at is not null and new.returned_at is distinct from old.returned_at then
    raise exception '%: what has ended never changes', tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

-- An attempt that has begun or ended is not altered or removed to give a person another one.
create trigger signing_attempt_stays_as_begun
  before update of id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at
  on signing_attempt for each row execute function refuse_unless_erased('what has begun', 'consent_id', 'bound_payer_hash');
create trigger signing_attempt_stays_ended
  before update of outcome, failure, reached_signing, ended_at, cancelled_at, returned_at
  on signing_attempt for each row execute function refuse_change_of_attempt();
create trigger signing_attempt_stays
  before delete or truncate on signing_attempt for each statement execute function refuse_change();
alter table signing_attempt
  enable always trigger signing_attempt_stays_as_begun,
  enable always trigger signing_attempt_stays_ended,
  enable always trigger signing_attempt_stays;

-- Whom the TPP named, in the statement that pushes.
create function trace_named_payer() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.bound_payer_hash is not null then
    insert into person_trace (subject, kind, value)
    values ('consent:' || new.bank || ':' || new.id, 'named', new.bound_payer_hash);
  end if;
  return null;
end
$$;
create trigger consent_traces_payer after insert on consent for each row execute function trace_named_payer();
alter table consent enable always trigger consent_traces_payer;

-- Column by column: the service's login cannot alter what was pushed or has begun.
grant select, insert,
      update (state, reason, browser_cookie_hash, failed_attempts, expires_at, authorised_at, returned_at, ended_at, live_token_hash,
              live_token_expires_at, payment_reference, payment_reference_salt, consume_request_hash, consume_answer,
              debtor_account, execution, execution_reason, execution_reported_at)
  on consent to sigill_app;
grant select, insert on authorisation to sigill_app;
grant select, insert, update (returned_at, outcome, failure, reached_signing, ended_at, cancelled_at) on signing_attempt to sigill_app;
grant select on consent, authorisation, signing_attempt to sigill_auditor;
