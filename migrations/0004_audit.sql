-- A hash-linked chain of events for each subject (a consent, or a client).
create table audit_event (
  subject       nonempty_text not null,
  seq           bigint        not null constraint audit_event_seq check (seq > 0),
  -- RFC 8785 text of type, actor, time, detail and, where there is one, the request. Kept as text: the hash covers these bytes.
  event         text          not null,
  type          text          not null generated always as (event::jsonb ->> 'type') stored,
  previous_hash sha256_hash   not null,
  hash          sha256_hash   not null,
  recorded_at   timestamptz   not null default clock_timestamp(),
  primary key (subject, seq)
);

-- SHA-256(previous_hash ‖ seq, 8 bytes ‖ length of the subject, 4 bytes ‖ subject ‖ event). Numbers are big-endian, lengths count
-- bytes, texts are UTF-8. The first event of a subject follows 32 zero bytes.
create function audit_link_hash(previous_hash bytea, seq bigint, subject text, event text) returns bytea
  language sql immutable parallel safe
begin atomic
  select sha256(previous_hash || int8send(seq) || int4send(octet_length(convert_to(subject, 'UTF8'))) || convert_to(subject, 'UTF8')
                || convert_to(event, 'UTF8'));
end;
revoke execute on function audit_link_hash(bytea, bigint, text, text) from public;

-- The database gives an event its place and its hash, never the service. The lock makes the writers of one chain wait for each other,
-- so that none has to retry; a volatile function sees what was committed while it waited (read committed). It runs as its owner,
-- because a login that may insert events need not be able to read them.
create function audit_event_link() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  head record;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.subject, 7305));
  select seq, hash into head from audit_event where subject = new.subject order by seq desc limit 1;
  new.seq := coalesce(head.seq, 0) + 1;
  new.previous_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
  new.hash := audit_link_hash(new.previous_hash, new.seq, new.subject, new.event);
  return new;
end
$$;
revoke execute on function audit_event_link() from public;

create trigger audit_event_link before insert on audit_event for each row execute function audit_event_link();
create trigger audit_event_is_append_only
  before update or delete or truncate on audit_event for each statement execute function refuse_change();
alter table audit_event
  enable always trigger audit_event_link,
  enable always trigger audit_event_is_append_only;

grant select, insert (subject, event) on audit_event to sigill_app;
grant select on audit_event to sigill_auditor;
