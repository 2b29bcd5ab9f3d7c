-- A subject has one data key for ever, under however many evidence keys it is wrapped. A second one, which would be the newest,
-- would make everything sealed before unreadable; and when a key was wrapped is the database's word, since erasure goes by it.
create function refuse_second_data_key() returns trigger
  language plpgsql
as $$
begin
  if exists (select from data_key d where d.subject = new.subject and d.key_id <> new.key_id) then
    raise exception 'a subject has one data key' using errcode = 'unique_violation';
  end if;
  return new;
end
$$;
create trigger data_key_one_per_subject before insert on data_key for each row execute function refuse_second_data_key();
alter table data_key enable always trigger data_key_one_per_subject;

revoke insert on data_key from sigill_app;
grant insert (key_id, subject, kek_id, wrapped) on data_key to sigill_app;
