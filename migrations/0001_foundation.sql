-- Roles, the installation's environment and the wrapped data keys.
-- The roles are groups without login and belong to the whole cluster, so another database of the cluster may have made them.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['sigill_app', 'sigill_auditor', 'sigill_eraser'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
  end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to sigill_app, sigill_auditor, sigill_eraser;

-- One row, written by the owner when the database is first migrated. A service of another environment refuses to start on it.
create table installation (
  only_row boolean primary key default true check (only_row),
  environment text not null check (environment in ('sandbox', 'bankid-test', 'production')),
  created_at timestamptz not null default now()
);

-- Second lock behind the missing grants: not even the owner changes what is append-only.
create function refuse_change() returns trigger
  language plpgsql
as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end
$$;

create trigger installation_is_written_once
  before update or delete or truncate on installation
  for each statement execute function refuse_change();
alter table installation enable always trigger installation_is_written_once;

-- One data key per subject, wrapped by the evidence key `kek_id`. Kept apart because destroying the row is how evidence is erased.
create table data_key (
  key_id uuid not null,
  subject text not null check (length(subject) between 1 and 200),
  kek_id text not null,
  wrapped bytea not null,
  wrapped_at timestamptz not null default now(),
  primary key (key_id, kek_id),
  unique (subject, kek_id)
);

grant select on installation to sigill_app, sigill_auditor, sigill_eraser;
grant select, insert on data_key to sigill_app;
grant select on data_key to sigill_auditor;
