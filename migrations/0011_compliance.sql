-- Legal holds, and erasure by destroying data keys.

-- A hold stops erasure until it is released. Both are rows; the newest counts, and none ever changes.
create table legal_hold (
  id         bigint        primary key generated always as identity,
  subject    nonempty_text not null,
  action     text          not null check (action in ('placed', 'released')),
  actor      nonempty_text not null,
  reason     nonempty_text not null,
  decided_at timestamptz   not null default clock_timestamp()
);
create index legal_hold_of_subject on legal_hold (subject, id);
create trigger legal_hold_is_append_only
  before update or delete or truncate on legal_hold for each statement execute function refuse_change();
alter table legal_hold
  enable always trigger legal_hold_is_append_only,
  enable row level security;

-- The service may place a hold and never release one: only the owner can, who is exempt from row-level security.
create policy legal_hold_is_read on legal_hold for select to sigill_app, sigill_auditor using (true);
create policy legal_hold_is_placed on legal_hold for insert to sigill_app with check (action = 'placed');
grant select, insert (subject, action, actor, reason) on legal_hold to sigill_app;
grant select on legal_hold to sigill_auditor;

-- Destroys the data keys of consents whose evidence has reached the end of its retention and that are under no hold, and of
-- consents without evidence thirteen months after they began (they can be disputed, but hold no accounting record). The same of
-- logins, by the retention of their identifications, or ninety days after they began.
-- What was sealed under such a key can never be read again; digests, audit events and ciphertext stay.
-- The database's own clock decides: the login that erases cannot pretend that it is later.
create function erase_ended_subjects() returns table (erased_subject text)
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  erased_event text := jsonb_build_object(
    'actor', 'eraser', 'type', 'evidence.erased', 'detail', jsonb_build_object('login', session_user::text),
    'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
begin
  for erased_subject in
    with kept as (
      select d.subject, min(d.wrapped_at) as since,
             d.subject like 'login:%' as is_login,
             greatest((select max(e.retention_ends_at) from evidence e where e.subject = d.subject),
                      (select max(r.retention_ends_at) from returned_evidence r where r.subject = d.subject),
                      (select max(i.retention_ends_at) from identification i where i.subject = d.subject)) as retention_ends_at,
             (select h.action from legal_hold h where h.subject = d.subject order by h.id desc limit 1) as hold
        from data_key d
       where d.subject like 'consent:%' or d.subject like 'login:%'
       group by d.subject
    ), ended as (
      select subject from kept
       where hold is distinct from 'placed'
         and coalesce(retention_ends_at, since + case when is_login then interval '90 days' else interval '13 months' end) <= clock_timestamp()
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
-- The eraser deletes by this function alone, which respects every retention and every hold.
grant execute on function erase_ended_subjects() to sigill_eraser;
