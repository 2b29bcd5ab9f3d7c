-- What was signed, as it came, sealed with the data key of its consent. Nothing here is ever changed or removed: evidence is
-- erased by destroying the data key (0008_compliance.sql).
create table evidence (
  id                uuid        primary key,
  -- accepted: it authorised its consent. refused: a completed order whose verdict was not TOTAL-PASSED, or whose risk was not
  -- accepted. surplus: it came for a consent that no longer waited. Only the first ever authorises anything.
  kind              text        not null check (kind in ('accepted', 'refused', 'surplus')),
  -- Name of the data key and of the chain of audit events.
  subject           text        not null check (subject <> ''),
  consent_id        uuid        not null,
  -- Client ids. The bank is a condition of every query.
  bank              text        not null check (bank <> ''),
  client_id         text        not null check (client_id <> ''),
  -- One order gives one evidence, however often its answer is settled.
  order_id          uuid        not null unique,
  environment       text        not null check (environment in ('sandbox', 'bankid-test', 'production')),
  indication        text        not null check (indication in ('TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE')),
  sub_indication    text        check ((indication = 'TOTAL-PASSED') = (sub_indication is null)),
  -- Commitment given to the bank: design of the digest in src/evidence/evidence-digest.ts.
  digest            bytea       not null unique check (octet_length(digest) = 32),
  -- Version, algorithm, key id, nonce, ciphertext and tag (src/platform/envelope.ts).
  sealed            bytea       not null,
  signed_at         timestamptz,
  received_at       timestamptz not null,
  stored_at         timestamptz not null,
  retention_ends_at timestamptz not null,
  check (kind <> 'accepted' or (indication = 'TOTAL-PASSED' and signed_at is not null))
);
create unique index evidence_accepted_once on evidence (consent_id) where kind = 'accepted';
create index evidence_of_consent on evidence (consent_id);
create index evidence_of_subject on evidence (subject);

-- What belongs to an evidence but came from elsewhere or later: the TPP's signed request, timestamps, ledger proofs.
create table evidence_attachment (
  id          uuid        primary key,
  evidence_id uuid        not null references evidence,
  kind        text        not null check (kind in ('request-object', 'timestamp', 'ledger-proof')),
  sealed      bytea       not null,
  stored_at   timestamptz not null
);
create index evidence_attachment_of_evidence on evidence_attachment (evidence_id);

-- The installation's environment is that of every evidence in it.
create function check_evidence_environment() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
  if new.environment is distinct from (select environment from installation) then
    raise exception 'evidence of another environment' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function check_evidence_environment() from public;
create trigger evidence_environment before insert on evidence for each row execute function check_evidence_environment();
alter table evidence enable always trigger evidence_environment;

create trigger evidence_is_append_only
  before update or delete or truncate on evidence
  for each statement execute function refuse_change();
alter table evidence enable always trigger evidence_is_append_only;
create trigger evidence_attachment_is_append_only
  before update or delete or truncate on evidence_attachment
  for each statement execute function refuse_change();
alter table evidence_attachment enable always trigger evidence_attachment_is_append_only;

grant select, insert on evidence, evidence_attachment to sigill_app;
grant select on evidence, evidence_attachment to sigill_auditor;
