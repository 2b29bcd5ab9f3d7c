-- The newest row of a subject is the one that is read: a further wrapping of its key that does not open would make everything that
-- was sealed unreadable. So the service adds none, and the table's owner only one of the same key, under another evidence key.
drop trigger data_key_one_per_subject on data_key;
drop function refuse_second_data_key();
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
