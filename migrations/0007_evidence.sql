-- BankID's roots that vouched for a signature, as configured (PEM). All evidence of a root names it by its hash, in its row and under
-- its seal.
create table signature_root (
  sha256 sha256_hash   primary key,
  pem    nonempty_text not null,
  -- No login may take the place of a root that is not stored yet.
  constraint signature_root_is_named_by_its_hash check (sha256 = sha256(convert_to(pem, 'UTF8')))
);
create trigger signature_root_is_append_only
  before update or delete or truncate on signature_root for each statement execute function refuse_change();
alter table signature_root enable always trigger signature_root_is_append_only;

-- What was signed and all that belongs to it, sealed under the data key of its consent. Signature and OCSP response are kept once, in
-- BankID's answer; `digest` commits to them, and to what is sealed. Nothing here ever changes or is removed: evidence is erased by destroying the data key.
create table evidence (
  id                uuid          primary key,
  -- accepted  it authorised its consent
  -- refused   the order was completed, and its verdict was not TOTAL-PASSED or its risk not accepted
  -- surplus   it came when the consent no longer waited for it
  kind              text          not null check (kind in ('accepted', 'refused', 'surplus')),
  -- Names the data key and the chain of audit events.
  subject           nonempty_text not null,
  consent_id        uuid          not null,
  -- Client ids. The bank is a condition of every query made for one.
  bank              nonempty_text not null,
  client_id         nonempty_text not null,
  -- One order gives one evidence, however often its answer is settled.
  order_id          uuid          not null unique references bankid_answer,
  environment       environment   not null,
  -- No foreign key, which would lock the same row for each evidence that is stored: check_evidence_origin looks for the root instead.
  root_sha256       sha256_hash   not null,
  indication        text          not null check (indication in ('TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE')),
  sub_indication    text,
  -- The commitment that is given to the bank: sigill-evidence-v2.
  digest            sha256_hash   not null,
  -- Version, algorithm, key id, nonce, ciphertext and tag: an envelope of the vault.
  sealed            bytea         storage external not null,
  signed_at         timestamptz,
  received_at       timestamptz   not null,
  stored_at         timestamptz   not null,
  retention_ends_at timestamptz   not null,
  constraint evidence_sub_indication check ((indication = 'TOTAL-PASSED') = (sub_indication is null)),
  constraint evidence_accepted check (kind <> 'accepted' or (indication = 'TOTAL-PASSED' and signed_at is not null))
);
create unique index evidence_accepted_once on evidence (consent_id) where kind = 'accepted';
create index evidence_of_consent on evidence (consent_id);
create index evidence_of_subject on evidence (subject);
-- `sigill reverify` goes through a period page by page.
create index evidence_by_time on evidence (stored_at, id);

-- Evidence is of the environment of its installation, and of a root that is stored: roots are never removed.
create function check_evidence_origin() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.environment is distinct from (select environment from installation) then
    raise exception 'evidence of another environment' using errcode = 'check_violation';
  end if;
  if not exists (select from signature_root where sha256 = new.root_sha256) then
    raise exception 'evidence of a root that is not stored' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function check_evidence_origin() from public;

create trigger evidence_origin before insert on evidence for each row execute function check_evidence_origin();
create trigger evidence_is_append_only
  before update or delete or truncate on evidence for each statement execute function refuse_change();
alter table evidence
  enable always trigger evidence_origin,
  enable always trigger evidence_is_append_only;

-- What belongs to an evidence and came from elsewhere or later.
create table evidence_attachment (
  id          uuid        primary key,
  evidence_id uuid        not null references evidence,
  -- request-object  the TPP's signed request
  -- bundle          the container with its first seal, as it was first handed out
  -- seal            a further seal of that bundle, of its number
  kind        text        not null check (kind in ('request-object', 'bundle', 'seal')),
  number      smallint    not null default 1,
  sealed      bytea       storage external not null,
  stored_at   timestamptz not null,
  -- An evidence folder holds one signed request, and all that ask for a bundle get the same bytes.
  constraint evidence_attachment_once unique (evidence_id, kind, number),
  constraint evidence_attachment_number check (number between 1 and 9 and (kind = 'seal') = (number > 1))
);
create trigger evidence_attachment_is_append_only
  before update or delete or truncate on evidence_attachment for each statement execute function refuse_change();
alter table evidence_attachment enable always trigger evidence_attachment_is_append_only;

-- The evidence of a login, which belongs to its client and to no bank. It has a table of its own, so that no query for a bank, no
-- export, ledger or figure of a bank's can ever hold one. What is sealed has the form of evidence, with the login in place of the consent.
create table identification (
  id                uuid          primary key,
  -- accepted  it logged its person in
  -- refused   the order was completed, and its verdict was not TOTAL-PASSED or a rule was not met
  -- surplus   it came when the login no longer waited for it
  kind              text          not null check (kind in ('accepted', 'refused', 'surplus')),
  -- Names the data key and the chain of audit events.
  subject           nonempty_text not null,
  login_id          uuid          not null,
  client_id         nonempty_text not null,
  -- One order gives one identification, however often its answer is settled.
  order_id          uuid          not null unique references bankid_answer,
  environment       environment   not null,
  root_sha256       sha256_hash   not null,
  indication        text          not null check (indication in ('TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE')),
  sub_indication    text,
  digest            sha256_hash   not null,
  sealed            bytea         storage external not null,
  signed_at         timestamptz,
  received_at       timestamptz   not null,
  stored_at         timestamptz   not null,
  retention_ends_at timestamptz   not null,
  constraint identification_subject check (subject = 'login:' || client_id || ':' || login_id),
  constraint identification_sub_indication check ((indication = 'TOTAL-PASSED') = (sub_indication is null)),
  constraint identification_accepted check (kind <> 'accepted' or (indication = 'TOTAL-PASSED' and signed_at is not null)),
  -- 400 days, in hours, which are the same in every time zone.
  constraint identification_retention check (retention_ends_at <= received_at + interval '9600 hours')
);
create unique index identification_accepted_once on identification (login_id) where kind = 'accepted';
create index identification_of_login on identification (login_id);
create index identification_of_subject on identification (subject);
create index identification_by_time on identification (stored_at, id);
create trigger identification_origin before insert on identification for each row execute function check_evidence_origin();
create trigger identification_is_append_only
  before update or delete or truncate on identification for each statement execute function refuse_change();
alter table identification
  enable always trigger identification_origin,
  enable always trigger identification_is_append_only;

-- Which person a consent or a login points to: whom its client named, and who signed; and whom a hold is about. The value is a keyed hash of the
-- personal number, so the service finds a person under each look-up key, and the database alone does not.
create table person_trace (
  subject nonempty_text not null,
  kind    text          not null check (kind in ('named', 'signer', 'held')),
  value   bytea         not null check (octet_length(value) > 33),
  primary key (subject, kind, value)
);
create index person_trace_of_person on person_trace (value, subject);

-- A trace goes with its subject, or with the release of its hold, and never before.
create function refuse_loss_of_trace() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from erasure where subject = old.subject)
     and not exists (select from legal_hold where 'hold:' || id = old.subject and action = 'released') then
    raise exception 'person_trace: the trace of a subject stays until it is erased' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
create trigger person_trace_stays_until_erasure before delete on person_trace for each row execute function refuse_loss_of_trace();
create trigger person_trace_never_changes
  before update or truncate on person_trace for each statement execute function refuse_change();
alter table person_trace
  enable always trigger person_trace_stays_until_erasure,
  enable always trigger person_trace_never_changes;

grant select, insert on signature_root, evidence, evidence_attachment, identification, person_trace to sigill_app;
grant select on signature_root, evidence, evidence_attachment, identification, person_trace to sigill_auditor;
