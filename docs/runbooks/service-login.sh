#!/usr/bin/env bash
# Makes (or gives a new password to) the login of the service: member of sigill_app and of nothing else.
# Run as the owner of the database, with PGHOST, PGDATABASE and PGUSER set; passwords come from files.
set -euo pipefail

PGPASSWORD="$(cat /run/secrets/owner_password)"
export PGPASSWORD
service_password="$(cat /run/secrets/service_password)"

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=password="$service_password" <<'SQL'
select 'create role sigill_service login' where not exists (select from pg_roles where rolname = 'sigill_service')
\gexec
alter role sigill_service login nosuperuser nocreatedb nocreaterole password :'password';
grant sigill_app to sigill_service;
SQL
