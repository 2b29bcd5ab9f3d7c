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

-- A subject has only one data key, however many evidence keys wrap it. A second one would make everything that was sealed before
-- unreadable, and so would a further wrapping that does not open, because the newest is the one that is read: the service adds none,
-- and the table's owner only one of the same key, under another evidence key.
create function refuse_second_data_key() returns trigger
  language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
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
