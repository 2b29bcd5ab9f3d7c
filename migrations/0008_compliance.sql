-- Legal holds, and erasure by destroying data keys.

-- A hold stops erasure until it is released; both are rows, the newest counts, none is ever changed.
create table legal_hold (
  id         bigint      primary key generated always as identity,
  subject    text        not null check (subject <> ''),
  action     text        not null check (action in ('placed', 'released')),
  actor      text        not null check (actor <> ''),
  reason     text        not null check (reason <> ''),
  decided_at timestamptz not null default clock_timestamp()
);
create index legal_hold_of_subject on legal_hold (subject, id);

create trigger legal_hold_is_append_only
  before update or delete or truncate on legal_hold
  for each statement execute function refuse_change();
alter table legal_hold enable always trigger legal_hold_is_append_only;

-- Destroys the data keys of consents whose evidence has reached the end of its retention and on which no hold lies, and of
-- consents without evidence thirteen months after their beginning (they can be disputed, but hold no accounting record).
-- The key and everything that was sealed with it are then beyond reach; digests, audit events and ciphertext stay.
-- The database's own clock decides: whoever erases cannot say that it is later than it is.
create function erase_ended_subjects() returns table (erased_subject text)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  at_text text := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
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
    -- RFC 8785: members in order, no white space.
    insert into audit_event (subject, event)
    values (erased_subject, '{"actor":"eraser","at":"' || at_text || '","detail":{"login":' || to_json(session_user::text)
            || '},"subject":' || to_json(erased_subject) || ',"type":"evidence.erased"}');
    return next;
  end loop;
end
$$;
revoke execute on function erase_ended_subjects() from public;

grant select, insert (subject, action, actor, reason) on legal_hold to sigill_app;
grant select on legal_hold to sigill_auditor;
-- The eraser deletes through the function alone, which no retention end and no hold can be passed by.
grant execute on function erase_ended_subjects() to sigill_eraser;
