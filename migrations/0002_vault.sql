-- One data key per subject, wrapped by the evidence key `kek_id`. It has a table of its own because destroying the row erases all that
-- was sealed under the key.
create table data_key (
  key_id     uuid        not null,
  subject    text        not null check (length(subject) between 1 and 200),
  kek_id     text        not null,
  wrapped    bytea       not null,
  -- Erasure depends on this time, so it is the database's own: no login may write it.
  wrapped_at timestamptz not null default now(),
  primary key (subject, kek_id)
);
-- For finding out which evidence keys are still needed, at the start of the service and every minute.
create index data_key_kek on data_key (kek_id);

-- Which subjects were erased. The row is what lets their personal columns become null, so it is written by the eraser's function alone, when
-- the data key is gone.
create table erasure (
  subject   text        primary key,
  -- Of the consent or the login.
  id        uuid        not null unique,
  erased_at timestamptz not null default clock_timestamp()
);
create function refuse_erasure_with_key() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if exists (select from data_key where subject = new.subject) then
    raise exception 'a subject with a data key is not erased' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger erasure_has_no_key before insert on erasure for each row execute function refuse_erasure_with_key();
create trigger erasure_is_append_only
  before update or delete or truncate on erasure for each statement execute function refuse_change();
alter table erasure
  enable always trigger erasure_has_no_key,
  enable always trigger erasure_is_append_only;

-- For rows that never change but in one way: personal columns become null, and only of a subject that was erased. The arguments are what
-- never changes, in words, the column with the id of consent or login, and the personal columns. A column that PostgreSQL generates from
-- a personal one is not made yet when this runs.
create function refuse_unless_erased() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  was jsonb := to_jsonb(old) - 'lookup_key_id';
  allowed jsonb := was;
begin
  for i in 2 .. tg_nargs - 1 loop
    allowed := allowed || jsonb_build_object(tg_argv[i], null);
  end loop;
  if to_jsonb(new) - 'lookup_key_id' <> allowed
     or not exists (select from erasure where id = (was ->> tg_argv[1])::uuid) then
    raise exception '%: % never changes', tg_table_name, tg_argv[0] using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

-- A subject has only one data key, however many evidence keys wrap it. A second one would make everything that was sealed before
-- unreadable, and so would a further wrapping that does not open, because the newest is the one that is read: the service adds none,
-- and the table's owner only one of the same key, under another evidence key.
create function refuse_second_data_key() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if exists (select from erasure where subject = new.subject) then
    raise exception 'a subject that was erased gets no data key' using errcode = 'unique_violation';
  end if;
  if exists (select from data_key d
              where d.subject = new.subject
                and (d.key_id <> new.key_id
                     or not pg_has_role((select relowner from pg_class where oid = tg_relid), 'usage'))) then
    raise exception 'a subject has one data key' using errcode = 'unique_violation';
  end if;
  return new;
end
$$;
create trigger data_key_one_per_subject before insert on data_key for each row execute function refuse_second_data_key();
alter table data_key enable always trigger data_key_one_per_subject;

grant select, insert (key_id, subject, kek_id, wrapped) on data_key to sigill_app;
grant select on data_key to sigill_auditor;
grant select on erasure to sigill_app, sigill_auditor;
