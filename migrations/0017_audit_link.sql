-- An event's text no longer repeats its subject: the link covers place, subject and text as columns, and no statement puts a text
-- together. Beside type, actor, time and detail, the text may say in which request it happened: its id, and for an authenticated
-- client (never for a payer) the client's id and address.
--
-- hash = SHA-256(previous_hash ‖ seq, 8 bytes ‖ length of the subject, 4 bytes ‖ subject ‖ event), numbers big-endian and lengths
-- in bytes, texts in UTF-8; the first event follows 32 zero bytes.
alter table audit_event drop constraint audit_event_of_its_subject;

create function audit_link_hash(previous_hash bytea, seq bigint, subject text, event text) returns bytea
language sql immutable parallel safe
begin atomic
  select sha256(previous_hash || int8send(seq) || int4send(octet_length(convert_to(subject, 'UTF8'))) || convert_to(subject, 'UTF8')
                || convert_to(event, 'UTF8'));
end;

-- What was written before is linked anew, subject by subject, without the subject in its text.
alter table audit_event disable trigger audit_event_is_append_only;
do $$
declare
  old record;
  last_subject text;
  link bytea;
  without_subject text;
begin
  for old in select subject, seq, event from audit_event order by subject, seq loop
    if old.subject is distinct from last_subject then
      link := decode(repeat('00', 32), 'hex');
      last_subject := old.subject;
    end if;
    without_subject := (old.event::jsonb - 'subject')::text;
    update audit_event
       set event = without_subject, previous_hash = link, hash = audit_link_hash(link, old.seq, old.subject, without_subject)
     where subject = old.subject and seq = old.seq
    returning hash into link;
  end loop;
end
$$;
alter table audit_event enable always trigger audit_event_is_append_only;

drop trigger audit_event_link on audit_event;
drop function audit_event_link();
-- The lock makes writers of one chain wait for each other, so that none has to retry. A volatile function sees what was committed
-- while it waited (read committed). It runs as its owner: a login that may insert need not be able to read.
create function audit_event_link() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public as $$
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
create trigger audit_event_link before insert on audit_event for each row execute function audit_event_link();
alter table audit_event enable always trigger audit_event_link;
revoke execute on function audit_event_link() from public;
revoke execute on function audit_link_hash(bytea, bigint, text, text) from public;

drop function erase_ended_subjects();
-- Destroys the data keys of consents whose evidence has reached the end of its retention and on which no hold lies, and of
-- consents without evidence thirteen months after their beginning (they can be disputed, but hold no accounting record).
-- The key and everything that was sealed with it are then beyond reach; digests, audit events and ciphertext stay.
-- The database's own clock decides: the login that erases cannot pretend that it is later.
create function erase_ended_subjects() returns table (erased_subject text)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  erased_event text := jsonb_build_object(
    'actor', 'eraser', 'type', 'evidence.erased', 'detail', jsonb_build_object('login', session_user::text),
    'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
begin
  for erased_subject in
    with kept as (
      select d.subject, min(d.wrapped_at) as since,
             (select max(e.retention_ends_at) from evidence e where e.subject = d.subject) as retention_ends_at,
             (select h.action from legal_hold h where h.subject = d.subject order by h.id desc limit 1) as hold
        from data_key d
       where d.subject like 'consent:%'
       group by d.subject
    ), ended as (
      select subject from kept
       where hold is distinct from 'placed'
         and coalesce(retention_ends_at, since + interval '13 months') <= clock_timestamp()
    ), erased as (
      delete from data_key d using ended where d.subject = ended.subject returning d.subject
    )
    select distinct subject from erased order by subject
  loop
    insert into audit_event (subject, event) values (erased_subject, erased_event);
    return next;
  end loop;
end
$$;
revoke execute on function erase_ended_subjects() from public;
grant execute on function erase_ended_subjects() to sigill_eraser;
