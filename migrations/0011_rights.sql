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

-- The service may place a hold and never release one: that is the steward's, when two persons have decided it.
create policy legal_hold_is_read on legal_hold for select to sigill_app, sigill_auditor using (true);
create policy legal_hold_is_placed on legal_hold for insert to sigill_app with check (action = 'placed');
grant select, insert (id, action, covers, bank, subject, client_id, from_time, to_time, case_reference, review_on, actor)
  on legal_hold to sigill_app;
grant select on legal_hold to sigill_auditor;

-- A hold and an erasure wait for each other, so that what an erasure finds unheld stays so until it is done: by a lock of the subject or,
-- where the hold names none, by one that all erasures share. What is erased is not held any more, so a hold on it is refused. A release
-- needs the decision of two persons, also where the owner stores it.
create function lock_for_hold() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.subject is not null then
    perform pg_advisory_xact_lock(hashtextextended(new.subject, 7311));
    if exists (select from erasure where subject = new.subject) then
      raise exception 'it was erased' using errcode = 'check_violation', constraint = 'legal_hold_of_what_is_there';
    end if;
  elsif new.action = 'placed' then
    perform pg_advisory_xact_lock(7312);
  elsif not exists (select from legal_hold where id = new.id and action = 'placed') then
    raise exception 'there is no such hold' using errcode = 'foreign_key_violation';
  elsif not exists (select from steward_request r join steward_decision d on d.request_id = r.id
                     where r.action = 'release' and r.hold = new.id and d.decision = 'approved') then
    raise exception 'two persons release a hold' using errcode = 'insufficient_privilege';
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
           'detail', jsonb_build_object('hold', new.id, 'covers', p.covers, 'case', new.case_reference)
             || case when new.action = 'released' then (select jsonb_build_object('request', r.id, 'approvedBy', d.decided_by)
                       from steward_request r join steward_decision d on d.request_id = r.id and d.decision = 'approved'
                      where r.action = 'release' and r.hold = new.id order by d.decided_at limit 1)
                     else '{}' end,
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

-- When the retention of a consent or a login ends: that of its evidence; without evidence, of a consent thirteen months after it began
-- (it can be disputed, but holds no accounting record), and of a login ninety days. Null of what is not there, or was erased.
create function retention_of(only_subject text) returns timestamptz
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
declare
  only_id uuid := right(only_subject, 36)::uuid;
  since timestamptz := coalesce(
    (select min(d.wrapped_at) from data_key d where d.subject = only_subject),
    (select c.created_at from consent c
      where c.id = only_id and c.initiation is not null and 'consent:' || c.bank || ':' || c.id = only_subject),
    (select l.created_at from login l
      where l.id = only_id and 'login:' || l.client_id || ':' || l.id = only_subject
        and not exists (select from erasure e where e.id = l.id)));
begin
  if since is null then
    return null;
  end if;
  return coalesce(greatest((select max(e.retention_ends_at) from evidence e where e.subject = only_subject),
                           (select max(r.retention_ends_at) from returned_evidence r where r.subject = only_subject),
                           (select max(i.retention_ends_at) from identification i where i.subject = only_subject)),
                  since + case when only_subject like 'login:%' then interval '90 days' else interval '13 months' end);
end
$$;
revoke execute on function retention_of(text) from public;
grant execute on function retention_of(text) to sigill_app;

-- Each consent and login that is not erased.
create function living_subjects() returns table (subject text)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select d.subject from data_key d where d.subject like 'consent:%' or d.subject like 'login:%'
  union
  select 'consent:' || c.bank || ':' || c.id from consent c where c.initiation is not null
  union
  select 'login:' || l.client_id || ':' || l.id from login l where not exists (select from erasure e where e.id = l.id)
$$;
revoke execute on function living_subjects() from public;

-- When the retention of each ends.
create function retentions() returns table (subject text, ends_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
  select l.subject, retention_of(l.subject) from living_subjects() l
$$;
revoke execute on function retentions() from public;
grant execute on function retentions() to sigill_app;

-- Whether a consent or a login may be erased now. The database's own clock decides: the login that erases cannot pretend that it is later.
create function is_erasable(ended_subject text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  return coalesce(retention_of(ended_subject) <= clock_timestamp(), false) and not exists (select from holds_of(ended_subject));
end
$$;
revoke execute on function is_erasable(text) from public;

-- Destroys the data key of one subject, and clears what else points to a person: columns become null, traces go. Digests, audit events,
-- times, states and ciphertext stay, so numbers, leaves and proofs of the ledger verify as before. The event says who decided it, and
-- which exports held the evidence: their keys are destroyed with its own, and copies that were downloaded are in the hands of their reader.
-- A caller may choose a transaction that sees all rows as they were before it waited for a hold or an export: it erases nothing.
create function erase_subject(ended_subject text, because jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
declare
  ended_id uuid := right(ended_subject, 36)::uuid;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'what is erased is looked at as it is now' using errcode = 'insufficient_privilege';
  end if;
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
    'actor', 'eraser', 'type', 'evidence.erased',
    'detail', because || jsonb_build_object(
      'login', session_user::text,
      'exports', (select coalesce(jsonb_agg(m.export_id order by m.export_id), '[]') from export_member m where m.subject = ended_subject)),
    'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
end
$$;
revoke execute on function erase_subject(text, jsonb) from public;

-- Erases logins whose retention has ended and that are under no hold, at most a thousand in one transaction, and returns them. Each
-- belongs to its client and to no bank, and is kept for days: that it ends was decided when it was configured.
create function erase_ended_logins() returns table (erased_subject text)
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  ended text;
begin
  perform pg_advisory_xact_lock_shared(7312);
  for ended in
    select l.subject from living_subjects() l
     where l.subject like 'login:%' and retention_of(l.subject) <= clock_timestamp() and not exists (select from holds_of(l.subject))
     order by l.subject limit 1000
  loop
    perform pg_advisory_xact_lock(hashtextextended(ended, 7311));
    -- As it is now: while this waited, a hold may have been placed, or another steward may have been here.
    continue when not is_erasable(ended);
    perform erase_subject(ended, '{}');
    erased_subject := ended;
    return next;
  end loop;
end
$$;
revoke execute on function erase_ended_logins() from public;
-- The eraser deletes by functions alone, which respect every retention and every hold.
grant execute on function erase_ended_logins() to sigill_eraser;
