-- A hash-linked chain of events per subject (a consent, or a caller).
-- The trigger, not the application, gives an event its place and its hash: nobody but the owner can link a chain otherwise.
create table audit_event (
  subject       text        not null check (subject <> ''),
  seq           bigint      not null check (seq > 0),
  -- RFC 8785 text of {actor, at, detail, subject, type}, kept as text because the hash covers exactly these bytes.
  event         text        not null,
  type          text        not null generated always as (event::jsonb ->> 'type') stored,
  previous_hash bytea       not null check (octet_length(previous_hash) = 32),
  hash          bytea       not null check (octet_length(hash) = 32),
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (subject, seq),
  check (event::jsonb ->> 'subject' = subject)
);

-- hash = SHA-256(previous_hash ‖ UTF-8 of "<seq>:<event>"); the first event follows 32 zero bytes.
-- The lock makes writers of one chain wait for each other, so that nobody has to retry. A volatile function sees what was
-- committed while it waited (read committed). It runs as its owner: whoever may insert need not be able to read.
create function audit_event_link() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public as $$
declare
  head record;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.subject, 7305));
  select seq, hash into head from audit_event where subject = new.subject order by seq desc limit 1;
  new.seq := coalesce(head.seq, 0) + 1;
  new.previous_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
  new.hash := sha256(new.previous_hash || convert_to(new.seq || ':' || new.event, 'UTF8'));
  return new;
end
$$;

create trigger audit_event_link before insert on audit_event for each row execute function audit_event_link();
create trigger audit_event_is_append_only
  before update or delete or truncate on audit_event
  for each statement execute function refuse_change();
-- Without "always", session_replication_role = replica would silence them.
alter table audit_event enable always trigger audit_event_link;
alter table audit_event enable always trigger audit_event_is_append_only;

revoke execute on function audit_event_link() from public;
grant select, insert (subject, event) on audit_event to sigill_app;
grant select on audit_event to sigill_auditor;
