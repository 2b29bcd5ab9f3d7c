-- What all other modules need: roles, types of values, locks, and the environment of the installation.

-- Logins are members of these groups. Roles belong to the whole cluster, so another database of it may have made them already.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['sigill_app', 'sigill_auditor', 'sigill_eraser', 'sigill_approver'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
  end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to sigill_app, sigill_auditor, sigill_eraser, sigill_approver;

-- The service compares the migrations that this database has with its own when it starts. TypeORM made the table.
grant select on typeorm_migration to sigill_app;

-- A value's own rule is in its domain, which PostgreSQL parses once per connection; it parses the check of a table again for each
-- statement that writes to the table, whichever columns it names (docs/adr/0015-values-are-checked-by-domains.md).
create domain nonempty_text as text check (value <> '');
create domain sha256_hash as bytea check (octet_length(value) = 32);
-- 256 bits in base64url: thumbprints (RFC 7638, RFC 8705 §3.1) and code challenges (RFC 7636 §4.2).
create domain base64url_256 as text check (value ~ '^[A-Za-z0-9_-]{43}$');
create domain environment as text check (value in ('sandbox', 'bankid-test', 'production'));

-- Locks: the second defence, behind missing grants. They hold against the owner's ordinary statements too. Each trigger is enabled
-- `always`, because session_replication_role = replica turns the others off.

-- For tables whose rows never change.
create function refuse_change() returns trigger
  language plpgsql
as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end
$$;

-- For columns that never change: a trigger `before update of` them, which costs nothing for statements that do not name them.
create function refuse_frozen_columns() returns trigger
  language plpgsql
as $$
begin
  raise exception '%: % never changes', tg_table_name, tg_argv[0] using errcode = 'insufficient_privilege';
end
$$;

-- One row, written only here. A service of another environment does not start on this database.
create table installation (
  only_row    boolean     primary key default true check (only_row),
  environment environment not null,
  created_at  timestamptz not null default now()
);
insert into installation (environment) values (current_setting('sigill.environment'));

create trigger installation_is_written_once
  before update or delete or truncate on installation for each statement execute function refuse_change();
alter table installation enable always trigger installation_is_written_once;

grant select on installation to sigill_app, sigill_auditor, sigill_eraser, sigill_approver;
