-- Exports that auditors order: what was ordered, how far it has come, and which consents are in it. The result is a file outside of the
-- database, sealed under a data key of its own.

create table export_order (
  export_id      uuid          primary key,
  bank           nonempty_text not null,
  requested_by   nonempty_text not null,
  format         text          not null check (format in ('list', 'folders', 'bundles', 'jsonl')),
  from_at        timestamptz   not null,
  to_at          timestamptz   not null,
  -- The calendar days in Sweden by which the period was named.
  first_day      text          check (first_day ~ '^\d{4}-\d\d-\d\d$'),
  last_day       text          check (last_day ~ '^\d{4}-\d\d-\d\d$'),
  tpp            nonempty_text,
  consent_id     uuid,
  -- Which payments or person were named besides, and with which papers. The names themselves are sealed under the key of the result.
  names          text[]        not null default '{}' check (names <@ array['payer', 'paymentReference']),
  names_sealed   bytea,
  receipts       boolean       not null default false,
  purpose        nonempty_text not null,
  case_reference text          check (case_reference ~ '^[A-Za-z0-9/-]{1,40}$'),
  ordered_at     timestamptz   not null,
  -- Payments that were authorised before to_at are committed by then.
  begins_at      timestamptz   not null,
  -- How many consents there were when it was ordered.
  expected       bigint        not null check (expected >= 0),

  -- An order that awaits the approval of a second person is claimed by no instance.
  state          text          not null
                 check (state in ('awaiting-approval', 'waiting', 'running', 'ready', 'failed', 'expired', 'deleted')),
  failure        text          check (failure in ('full', 'unwritable', 'erased', 'unsealable', 'gave-up', 'unapproved')),
  -- Which attempt works on it, in a file of its own, and until when no other may.
  attempt        integer       not null default 0,
  leased_until   timestamptz,
  -- Attempts in a row that came no further.
  stalled        integer       not null default 0,

  -- The cursor: the last consent that is in the result, the attempt in whose files it is, whole chunks of each file up to it, and the
  -- octets after them.
  after_at       timestamptz,
  after_id       uuid,
  saved_attempt  integer,
  chunks         jsonb,
  tails_sealed   bytea,
  consents       bigint        not null default 0 check (consents >= 0),
  erased         bigint        not null default 0 check (erased >= 0),

  -- The token by which a second person approved it.
  approval_sha256 sha256_hash,
  approval_part  text          generated always as (case when approval_sha256 is not null then 'approver' end) stored,

  size           bigint,
  sha256         sha256_hash,
  ended_at       timestamptz,
  -- Whether the files of an order that has no result are removed.
  is_removed     boolean       not null default false,
  constraint export_order_period check (from_at < to_at),
  -- Signatures of more than one consent need an approval.
  constraint export_order_approval
    check (format = 'list' or consent_id is not null or approval_sha256 is not null
           or state in ('awaiting-approval', 'expired', 'deleted')),
  constraint export_order_names check ((names = '{}') = (names_sealed is null)),
  constraint export_order_days check (num_nulls(first_day, last_day) in (0, 2)),
  constraint export_order_cursor check (num_nulls(after_at, after_id, saved_attempt) in (0, 3)),
  constraint export_order_ready check (state <> 'ready' or (size > 0 and sha256 is not null and ended_at is not null)),
  constraint export_order_failed check ((state = 'failed') = (failure is not null))
);
create index export_order_open on export_order (begins_at) where state in ('waiting', 'running');
create index export_order_alive on export_order (requested_by, bank) where state in ('awaiting-approval', 'waiting', 'running', 'ready');
create index export_order_unapproved on export_order (ordered_at) where state = 'awaiting-approval';
create index export_order_stalled on export_order (leased_until) where state in ('waiting', 'running') and stalled >= 5;
create index export_order_leftover on export_order (ended_at) where state in ('failed', 'expired', 'deleted') and not is_removed;
create index export_order_ready on export_order (ended_at) where state = 'ready';

grant select on export_order to sigill_app, sigill_auditor;
grant insert (export_id, bank, requested_by, format, from_at, to_at, first_day, last_day, tpp, consent_id, names, names_sealed,
              receipts, purpose, case_reference, ordered_at,
              begins_at, expected, state)
  on export_order to sigill_app;
grant update (state, failure, attempt, leased_until, stalled, after_at, after_id, saved_attempt, chunks, tails_sealed, consents, erased,
              size, sha256, ended_at, is_removed, approval_sha256)
  on export_order to sigill_app;

-- An order stays as it was ordered, because that was approved; and so does its approval.
create function check_export_order_change() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  progress constant text[] := array['state', 'failure', 'attempt', 'leased_until', 'stalled', 'after_at', 'after_id', 'saved_attempt', 'chunks',
                                    'tails_sealed', 'consents', 'erased', 'size', 'sha256', 'ended_at', 'is_removed', 'approval_sha256',
                                    'approval_part'];
begin
  if to_jsonb(new) - progress <> to_jsonb(old) - progress
     or (old.approval_sha256 is not null and new.approval_sha256 is distinct from old.approval_sha256)
     or (new.state = 'awaiting-approval' and old.state <> 'awaiting-approval') then
    raise exception 'an export stays as it was ordered and approved' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function check_export_order_change() from public;
create trigger export_order_stays_as_ordered before update on export_order for each row execute function check_export_order_change();
alter table export_order enable always trigger export_order_stays_as_ordered;

-- The persons who order and approve, each by an id_token of the bank's provider, sealed under a data key of its own.
create table export_signatory (
  export_id    uuid          not null references export_order,
  part         text          not null check (part in ('requester', 'approver')),
  issuer       nonempty_text not null,
  token_sha256 sha256_hash   not null constraint export_signatory_token unique,
  signed_at    timestamptz   not null,
  proof_sealed bytea         not null,
  primary key (export_id, part),
  constraint export_signatory_approval unique (export_id, part, token_sha256)
);
grant select, insert on export_signatory to sigill_app;
grant select on export_signatory to sigill_auditor;
alter table export_order
  add constraint export_order_approved
  foreign key (export_id, approval_part, approval_sha256) references export_signatory (export_id, part, token_sha256);
create trigger export_signatory_is_append_only
  before update or delete or truncate on export_signatory for each statement execute function refuse_change();
alter table export_signatory enable always trigger export_signatory_is_append_only;

-- Whose data keys, when they are destroyed, take the key of the export with them.
create table export_member (
  subject   text not null,
  export_id uuid not null references export_order,
  primary key (subject, export_id)
);
grant select, insert on export_member to sigill_app;
grant select on export_member to sigill_auditor;

-- Evidence that is erased while it is exported is in no result: whichever of the two is later waits for the other.
create function check_export_member() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  perform from data_key where subject = new.subject for key share;
  if not found then
    raise exception 'an export of erased evidence' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function check_export_member() from public;
create trigger export_member_is_readable before insert on export_member for each row execute function check_export_member();
create trigger export_member_is_append_only
  before update or delete or truncate on export_member for each statement execute function refuse_change();
alter table export_member
  enable always trigger export_member_is_readable,
  enable always trigger export_member_is_append_only;

-- An order that ends without a result, or whose result ends, takes its key with it. The service can destroy no other: an export is a copy.
create function destroy_export_key() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  if new.state <> old.state and new.state in ('failed', 'expired', 'deleted') then
    delete from data_key where subject = 'export:' || new.export_id;
  end if;
  return null;
end
$$;
revoke execute on function destroy_export_key() from public;
create trigger export_order_destroys_key after update on export_order for each row execute function destroy_export_key();
create trigger export_order_stays before delete or truncate on export_order for each statement execute function refuse_change();
alter table export_order
  enable always trigger export_order_destroys_key,
  enable always trigger export_order_stays;

-- The erasure of a consent ends all exports that hold it.
create function end_exports_of_erased() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  -- A wrapping under a retired evidence key may be deleted while another remains.
  if not exists (select from data_key where subject = old.subject) then
    update export_order
       set state = case state when 'ready' then 'expired' else 'failed' end,
           failure = case state when 'ready' then null else 'erased' end,
           ended_at = clock_timestamp(), tails_sealed = null, leased_until = null
     where export_id in (select m.export_id from export_member m where m.subject = old.subject)
       and state in ('waiting', 'running', 'ready');
  end if;
  return null;
end
$$;
revoke execute on function end_exports_of_erased() from public;
create trigger data_key_ends_exports after delete on data_key for each row execute function end_exports_of_erased();
alter table data_key enable always trigger data_key_ends_exports;
