-- Legal holds, and erasure by destroying data keys.

-- A hold stops the erasure of all that it covers until it is released. Both are rows, and none ever changes. A hold on a person, a client
-- or a period also covers what comes after it.
create table legal_hold (
  id             uuid          not null,
  action         text          not null check (action in ('placed', 'released')),
  -- The other columns down to `to_time`, and `review_on`, are those of a placement.
  covers         text          check (covers in ('subject', 'person', 'client', 'period')),
  -- Of one bank alone, where one is named.
  bank           nonempty_text,
  subject        nonempty_text,
  -- The person is in person_trace, under the subject hold:ID.
  client_id      nonempty_text,
  from_time      timestamptz,
  to_time        timestamptz,
  case_reference text          not null check (case_reference ~ '^[A-Za-z0-9/-]{1,40}$'),
  review_on      date,
  actor          nonempty_text not null,
  decided_at     timestamptz   not null default clock_timestamp(),
  primary key (id, action),
  constraint legal_hold_is_sound check (
    case action
      when 'released' then num_nonnulls(covers, bank, subject, client_id, from_time, to_time, review_on) = 0
      else num_nulls(covers, review_on) = 0
           and (covers = 'subject') = (subject is not null)
           and (covers = 'client') = (client_id is not null)
           and case when covers = 'period' then from_time < to_time and num_nulls(from_time, to_time) = 0
                    else num_nonnulls(from_time, to_time) = 0
               end
    end)
);
create trigger legal_hold_is_append_only
  before update or delete or truncate on legal_hold for each statement execute function refuse_change();
alter table legal_hold
  enable always trigger legal_hold_is_append_only,
  enable row level security;

-- The service may place a hold and never release one: only the owner can, who is exempt from row-level security.
create policy legal_hold_is_read on legal_hold for select to sigill_app, sigill_auditor using (true);
create policy legal_hold_is_placed on legal_hold for insert to sigill_app with check (action = 'placed');
grant select, insert (id, action, covers, bank, subject, client_id, from_time, to_time, case_reference, review_on, actor)
  on legal_hold to sigill_app;
grant select on legal_hold to sigill_auditor;

-- A hold and an erasure wait for each other, so that what an erasure finds unheld stays so until it is done: by a lock of the subject or,
-- where the hold names none, by one that all erasures share.
create function lock_for_hold() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.subject is not null then
    perform pg_advisory_xact_lock(hashtextextended(new.subject, 7311));
  elsif new.action = 'placed' then
    perform pg_advisory_xact_lock(7312);
  elsif not exists (select from legal_hold where id = new.id and action = 'placed') then
    raise exception 'there is no such hold' using errcode = 'foreign_key_violation';
  end if;
  return new;
end
$$;

-- Each is an event: of the consent or the login where it covers one, of the hold otherwise. A release forgets the person.
create function record_hold() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_event (subject, event)
  select coalesce(p.subject, 'hold:' || p.id), jsonb_build_object(
           'actor', new.actor, 'type', 'hold.' || new.action,
           'detail', jsonb_build_object('hold', new.id, 'covers', p.covers, 'case', new.case_reference),
           'at', to_char(new.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from legal_hold p where p.id = new.id and p.action = 'placed';
  if new.action = 'released' then
    delete from person_trace where subject = 'hold:' || new.id;
  end if;
  return null;
end
$$;
revoke execute on function record_hold() from public;
create trigger legal_hold_waits_for_erasure before insert on legal_hold for each row execute function lock_for_hold();
create trigger legal_hold_is_recorded after insert on legal_hold for each row execute function record_hold();
alter table legal_hold
  enable always trigger legal_hold_waits_for_erasure,
  enable always trigger legal_hold_is_recorded;

-- Which holds cover a consent or a login. What cannot be known counts as covered: a client or a period where the row is gone, and a
-- person whose hold knows no hash under the look-up key by which the subject names its own.
create function holds_of(held_subject text) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  held_id uuid := right(held_subject, 36)::uuid;
begin
  return query
    select p.id from legal_hold p
     where p.action = 'placed' and not exists (select from legal_hold r where r.id = p.id and r.action = 'released')
       and (p.bank is null or starts_with(held_subject, 'consent:' || p.bank || ':'))
       and case p.covers
             when 'subject' then p.subject = held_subject
             when 'client' then coalesce(
               (select c.client_id = p.client_id from consent c where c.id = held_id),
               (select l.client_id = p.client_id from login l where l.id = held_id), true)
             when 'period' then coalesce(
               (select c.created_at < p.to_time and coalesce(c.ended_at, c.expires_at) >= p.from_time from consent c where c.id = held_id),
               (select l.created_at < p.to_time and coalesce(l.ended_at, l.expires_at) >= p.from_time from login l where l.id = held_id),
               true)
             else exists (
               select from person_trace s
                where s.subject = held_subject
                  and (exists (select from person_trace h where h.subject = 'hold:' || p.id and h.value = s.value)
                       or not exists (select from person_trace h
                                       where h.subject = 'hold:' || p.id
                                         and substring(h.value for octet_length(h.value) - 32)
                                             = substring(s.value for octet_length(s.value) - 32))))
           end;
end
$$;
revoke execute on function holds_of(text) from public;
grant execute on function holds_of(text) to sigill_app;

-- When the retention of each consent and login ends that is not erased: that of its evidence; without evidence, of a consent thirteen
-- months after it began (it can be disputed, but holds no accounting record), and of a login ninety days.
create function retentions(only_subject text default null) returns table (subject text, id uuid, ends_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    with known as (
      select d.subject, min(d.wrapped_at) as since
        from data_key d
       where (d.subject like 'consent:%' or d.subject like 'login:%') and (only_subject is null or d.subject = only_subject)
       group by d.subject
      union all
      select s.subject, s.created_at
        from (select 'consent:' || c.bank || ':' || c.id as subject, c.created_at from consent c
               where c.initiation is not null and (only_subject is null or c.id = right(only_subject, 36)::uuid)
              union all
              select 'login:' || l.client_id || ':' || l.id, l.created_at from login l
               where not exists (select from erasure e where e.id = l.id)
                 and (only_subject is null or l.id = right(only_subject, 36)::uuid)) s
       where not exists (select from data_key d where d.subject = s.subject) and (only_subject is null or s.subject = only_subject)
    )
    select k.subject, right(k.subject, 36)::uuid,
           coalesce(greatest((select max(e.retention_ends_at) from evidence e where e.subject = k.subject),
                             (select max(r.retention_ends_at) from returned_evidence r where r.subject = k.subject),
                             (select max(i.retention_ends_at) from identification i where i.subject = k.subject)),
                    k.since + case when k.subject like 'login:%' then interval '90 days' else interval '13 months' end)
      from known k;
end
$$;
revoke execute on function retentions(text) from public;
grant execute on function retentions(text) to sigill_app;

-- Destroys the data key of one subject, and clears what else points to a person: columns become null, traces go. Digests, audit events,
-- times, states and ciphertext stay, so numbers, leaves and proofs of the ledger verify as before.
create function erase_subject(ended_subject text, ended_id uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  delete from data_key where subject = ended_subject;
  insert into erasure (subject, id) values (ended_subject, ended_id);
  if ended_subject like 'consent:%' then
    update consent
       set initiation = null, creditor_name_verification = null, bound_payer_hash = null, login_hint_sealed = null,
           payment_reference = null, payment_reference_salt = null, consume_request_hash = null, consume_answer = null, debtor_account = null,
           execution_reason = null
     where id = ended_id;
    update authorisation set initiation = null, payer_subject = null, payment_mac = null, payer_mac = null
     where consent_id = ended_id;
    update signing_attempt set bound_payer_hash = null where consent_id = ended_id and bound_payer_hash is not null;
  else
    update login set claims = null, nonce = null, binding_message = null, bound_payer_hash = null, login_hint_sealed = null
     where id = ended_id;
    update authentication set subject = null, mac = null where login_id = ended_id;
    update login_attempt set bound_payer_hash = null where login_id = ended_id and bound_payer_hash is not null;
  end if;
  delete from person_trace where subject = ended_subject;
  insert into audit_event (subject, event)
  values (ended_subject, jsonb_build_object(
    'actor', 'eraser', 'type', 'evidence.erased', 'detail', jsonb_build_object('login', session_user::text),
    'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
end
$$;
revoke execute on function erase_subject(text, uuid) from public;

-- Erases subjects whose retention has ended and that are under no hold, at most a thousand in one transaction, and returns them.
-- The database's own clock decides: the login that erases cannot pretend that it is later.
create function erase_ended_subjects() returns table (erased_subject text)
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  ended record;
begin
  perform pg_advisory_xact_lock_shared(7312);
  for ended in
    select r.subject, r.id from retentions() r
     where r.ends_at <= clock_timestamp() and not exists (select from holds_of(r.subject))
     order by r.subject limit 1000
  loop
    perform pg_advisory_xact_lock(hashtextextended(ended.subject, 7311));
    -- As it is now: while this waited, a hold may have been placed, or another eraser may have been here.
    continue when exists (select from holds_of(ended.subject))
      or coalesce((select r.ends_at > clock_timestamp() from retentions(ended.subject) r), true);
    perform erase_subject(ended.subject, ended.id);
    erased_subject := ended.subject;
    return next;
  end loop;
end
$$;
revoke execute on function erase_ended_subjects() from public;
-- The eraser deletes by this function alone, which respects every retention and every hold.
grant execute on function erase_ended_subjects() to sigill_eraser;
