-- What two persons decide: the erasure of a bank's evidence whose retention has ended, the release of a hold, and an answer to a person.
-- The service stores who asks for it. A second person decides with a login of their own, a member of sigill_approver, and the steward, a
-- process with the login of sigill_eraser, carries it out. So none of the three logins does anything of it alone.

create table steward_request (
  id             uuid          primary key,
  action         text          not null check (action in ('erase', 'release', 'answer')),
  -- Whose evidence it is; of a release, the bank of the hold, if that names one.
  bank           nonempty_text,
  -- Of an erasure: the consents.
  subjects       text[],
  -- Of a release.
  hold           uuid,
  -- Of an answer: SHA-256 of the document.
  answer_sha256  sha256_hash,
  case_reference text          not null check (case_reference ~ '^[A-Za-z0-9/-]{1,40}$'),
  -- As the command names its operator, and the login of the database with which it was stored.
  requested_by   nonempty_text not null,
  login          nonempty_text not null default session_user,
  requested_at   timestamptz   not null default clock_timestamp(),
  constraint steward_request_is_sound check (
    case action
      when 'erase' then bank is not null and subjects is not null and cardinality(subjects) between 1 and 10000
                        and num_nonnulls(hold, answer_sha256) = 0
      when 'release' then hold is not null and num_nonnulls(subjects, answer_sha256) = 0
      else bank is not null and answer_sha256 is not null and num_nonnulls(subjects, hold) = 0
    end)
);
create index steward_request_by_time on steward_request (requested_at, id);

-- Refused or approved, once. The login is the one that the session began with, and no column that may be written.
create table steward_decision (
  request_id uuid          primary key references steward_request,
  decision   text          not null check (decision in ('approved', 'refused')),
  decided_by nonempty_text not null,
  login      nonempty_text not null default session_user,
  decided_at timestamptz   not null default clock_timestamp()
);

-- Approved, and not carried out yet.
create table steward_waiting (
  request_id uuid        primary key references steward_request,
  since      timestamptz not null default clock_timestamp()
);
create index steward_waiting_in_order on steward_waiting (since, request_id);

-- What became of each consent of an erasure.
create table steward_outcome (
  request_id uuid        not null references steward_request,
  subject    text        not null,
  -- held, retained  a hold, or the end of its retention, keeps it
  -- gone            it was erased before
  outcome    text        not null check (outcome in ('erased', 'held', 'retained', 'gone')),
  decided_at timestamptz not null default clock_timestamp(),
  primary key (request_id, subject)
);

-- Which requests are done. After a restore a request may be known from LEDGER_DIRECTORY alone, so it need not be in this database.
create table steward_result (
  request_id uuid        primary key,
  -- repeated  what it erased came back with a restored database, and was erased again
  kind       text        not null check (kind in ('done', 'repeated')),
  done_at    timestamptz not null default clock_timestamp()
);

create function check_steward_request() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if exists (select from unnest(new.subjects) s (subject)
              where s.subject is null or not starts_with(s.subject, 'consent:' || new.bank || ':') or right(s.subject, 36) !~ '^[0-9a-f-]{36}$')
     or (select count(distinct s.subject) from unnest(new.subjects) s (subject)) <> coalesce(cardinality(new.subjects), 0) then
    raise exception 'an erasure names consents of one bank, each once' using errcode = 'check_violation';
  end if;
  new.login := session_user;
  new.requested_at := clock_timestamp();
  return new;
end
$$;
create trigger steward_request_names_its_login before insert on steward_request for each row execute function check_steward_request();

-- The second person is another one, by name and by login, and holds neither of the logins that store and carry out requests. The
-- owner of the database has all of them.
create function check_steward_decision() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  asked steward_request;
begin
  select * into asked from steward_request where id = new.request_id;
  if not found then
    raise exception 'there is no such request' using errcode = 'foreign_key_violation';
  end if;
  if lower(new.decided_by) = lower(asked.requested_by) or session_user::text = asked.login then
    raise exception 'a second person decides' using errcode = 'insufficient_privilege';
  end if;
  if pg_has_role(session_user, 'sigill_app', 'member') or pg_has_role(session_user, 'sigill_eraser', 'member') then
    raise exception 'a login of sigill_approver decides, and of nothing else' using errcode = 'insufficient_privilege';
  end if;
  new.login := session_user;
  new.decided_at := clock_timestamp();
  return new;
end
$$;
revoke execute on function check_steward_decision() from public;
create trigger steward_decision_is_of_another before insert on steward_decision
  for each row execute function check_steward_decision();

create function await_steward() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into steward_waiting (request_id)
  select r.id from steward_request r where r.id = new.request_id and new.decision = 'approved' and r.action <> 'answer';
  return null;
end
$$;
revoke execute on function await_steward() from public;
create trigger steward_decision_is_carried_out after insert on steward_decision for each row execute function await_steward();

-- What was approved waits until it is done.
create function check_steward_done() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from steward_result where request_id = old.request_id) then
    raise exception 'what was approved is not done' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
revoke execute on function check_steward_done() from public;
create trigger steward_waiting_is_done before delete on steward_waiting for each row execute function check_steward_done();
create trigger steward_waiting_stays
  before update or truncate on steward_waiting for each statement execute function refuse_change();

create trigger steward_request_is_append_only
  before update or delete or truncate on steward_request for each statement execute function refuse_change();
create trigger steward_decision_is_append_only
  before update or delete or truncate on steward_decision for each statement execute function refuse_change();
create trigger steward_outcome_is_append_only
  before update or delete or truncate on steward_outcome for each statement execute function refuse_change();
create trigger steward_result_is_append_only
  before update or delete or truncate on steward_result for each statement execute function refuse_change();
alter table steward_request
  enable always trigger steward_request_names_its_login,
  enable always trigger steward_request_is_append_only;
alter table steward_decision
  enable always trigger steward_decision_is_of_another,
  enable always trigger steward_decision_is_carried_out,
  enable always trigger steward_decision_is_append_only;
alter table steward_waiting
  enable always trigger steward_waiting_is_done,
  enable always trigger steward_waiting_stays;
alter table steward_outcome enable always trigger steward_outcome_is_append_only;
alter table steward_result enable always trigger steward_result_is_append_only;

-- Carries out an approved request, of an erasure at most so many consents, and returns whether it is done. A steward that dies leaves all
-- of a call or nothing; another one, or the same again, goes on, and two at once wait for each other.
create function carry_out(wanted uuid, at_most integer) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
declare
  asked steward_request;
  approval steward_decision;
  ended text;
  found_there text;
begin
  perform pg_advisory_xact_lock(hashtextextended(wanted::text, 7313));
  select * into asked from steward_request where id = wanted;
  select * into approval from steward_decision where request_id = wanted and decision = 'approved';
  if asked.id is null or approval.request_id is null or asked.action = 'answer' then
    raise exception 'two persons ask for it' using errcode = 'insufficient_privilege';
  end if;
  if exists (select from steward_result where request_id = wanted) then
    return true;
  end if;
  if asked.action = 'release' then
    insert into legal_hold (id, action, case_reference, actor) values (asked.hold, 'released', asked.case_reference, asked.requested_by)
    on conflict (id, action) do nothing;
  else
    perform pg_advisory_xact_lock_shared(7312);
    for ended in
      select s.subject from unnest(asked.subjects) s (subject)
       where not exists (select from steward_outcome o where o.request_id = wanted and o.subject = s.subject)
       order by s.subject limit at_most
    loop
      perform pg_advisory_xact_lock(hashtextextended(ended, 7311));
      found_there := case
        when retention_of(ended) is null then 'gone'
        when retention_of(ended) > clock_timestamp() then 'retained'
        when exists (select from holds_of(ended)) then 'held'
        else 'erased' end;
      if found_there = 'erased' then
        perform erase_subject(ended, jsonb_build_object(
          'request', wanted, 'case', asked.case_reference, 'requestedBy', asked.requested_by, 'approvedBy', approval.decided_by,
          'approvedWith', approval.login));
      end if;
      insert into steward_outcome (request_id, subject, outcome) values (wanted, ended, found_there);
    end loop;
    if exists (select from unnest(asked.subjects) s (subject)
                where not exists (select from steward_outcome o where o.request_id = wanted and o.subject = s.subject)) then
      return false;
    end if;
  end if;
  insert into steward_result (request_id, kind) values (wanted, 'done');
  delete from steward_waiting where request_id = wanted;
  return true;
end
$$;
revoke execute on function carry_out(uuid, integer) from public;

-- Erases again what a request had erased before the database was restored to a state from before that request. `digests` are the SHA-256
-- of its consents, as LEDGER_DIRECTORY keeps them. Their retention had ended then, so it has now; what is held keeps the request open.
-- Nothing that the restored database lacks can come back: a backup is younger than the shortest retention.
create function erase_again(listed uuid, digests bytea[]) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  ended text;
  kept integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended(listed::text, 7313));
  if exists (select from steward_result where request_id = listed) or exists (select from steward_waiting where request_id = listed) then
    return 0;
  end if;
  perform pg_advisory_xact_lock_shared(7312);
  for ended in
    select l.subject from living_subjects() l
     where l.subject like 'consent:%' and sha256(convert_to(l.subject, 'UTF8')) = any (digests) order by l.subject
  loop
    perform pg_advisory_xact_lock(hashtextextended(ended, 7311));
    if is_erasable(ended) then
      perform erase_subject(ended, jsonb_build_object('request', listed, 'again', true));
    elsif retention_of(ended) is not null then
      kept := kept + 1;
    end if;
  end loop;
  if kept = 0 then
    insert into steward_result (request_id, kind) values (listed, 'repeated');
  end if;
  return kept;
end
$$;
revoke execute on function erase_again(uuid, bytea[]) from public;
grant execute on function carry_out(uuid, integer), erase_again(uuid, bytea[]) to sigill_eraser;

grant select on steward_request, steward_decision, steward_waiting, steward_outcome, steward_result
  to sigill_app, sigill_auditor, sigill_approver, sigill_eraser;
grant insert (id, action, bank, subjects, hold, answer_sha256, case_reference, requested_by) on steward_request to sigill_app;
grant insert (request_id, decision, decided_by) on steward_decision to sigill_approver;
