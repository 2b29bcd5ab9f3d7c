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

-- A hold and an erasure of the same subject wait for each other, so that what an erasure finds unheld stays so until it is done.
create function lock_subject_of_hold() returns trigger
  language plpgsql
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.subject, 7311));
  return new;
end
$$;
create trigger legal_hold_waits_for_erasure before insert on legal_hold for each row execute function lock_subject_of_hold();
alter table legal_hold enable always trigger legal_hold_waits_for_erasure;

create function is_held(held_subject text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  return coalesce((select h.action = 'placed' from legal_hold h where h.subject = held_subject order by h.id desc limit 1), false);
end
$$;
revoke execute on function is_held(text) from public;

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
  for ended in
    select r.subject, r.id from retentions() r
     where r.ends_at <= clock_timestamp() and not is_held(r.subject)
     order by r.subject limit 1000
  loop
    perform pg_advisory_xact_lock(hashtextextended(ended.subject, 7311));
    -- As it is now: while this waited, a hold may have been placed, or another eraser may have been here.
    continue when is_held(ended.subject)
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
