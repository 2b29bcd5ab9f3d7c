-- What makes the evidence of a bank complete: each has a number without a gap, all stand in one tree, and signed heads of the tree are
-- kept outside of this database. A second log of each bank covers the chains of its audit events.

create domain ledger_number as bigint check (value between 1 and 9007199254740991);
create domain ledger_kind as text check (value in ('evidence', 'audit'));

-- The address of a bank's two logs: 128 random bits in base32, because size and rhythm of a log are the bank's secret.
create table ledger_log (
  bank       nonempty_text primary key,
  log_id     text          not null unique check (log_id ~ '^[a-z2-7]{26}$'),
  created_at timestamptz   not null default clock_timestamp()
);
create trigger ledger_log_is_append_only
  before update or delete or truncate on ledger_log for each statement execute function refuse_change();
alter table ledger_log enable always trigger ledger_log_is_append_only;

-- The evidence of a bank in its order. A number is never given twice, nor taken back: the leaf's index in the tree is number - 1.
create table ledger_leaf (
  bank         nonempty_text not null,
  number       ledger_number not null,
  -- evidence  accepted, refused and surplus ones alike
  -- lost      known from the tiles that are kept outside alone, after the database was restored from an older backup
  kind         text          not null check (kind in ('evidence', 'lost')),
  evidence_id  uuid          unique,
  digest       sha256_hash   not null,
  sequenced_at timestamptz   not null default clock_timestamp(),
  primary key (bank, number),
  constraint ledger_leaf_evidence check ((kind = 'evidence') = (evidence_id is not null))
);
create index ledger_leaf_lost on ledger_leaf (bank, digest) where kind = 'lost';

-- Functions of triggers keep their plans. One that was made while a table was small would scan it for each row when it has grown, until
-- its statistics are renewed; so these plans use indexes from the beginning.

-- For every writer: numbers go on without a gap, and a leaf is of evidence that is stored.
create function check_ledger_leaves() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  if exists (select from (select bank, min(number) as first, max(number) as last, count(*) as count from added group by bank) a
              where a.last - a.first + 1 <> a.count
                 or (a.first > 1
                     and (select l.number from ledger_leaf l where l.bank = a.bank and l.number = a.first - 1) is null)) then
    raise exception 'the leaves of a bank are numbered without a gap' using errcode = 'check_violation';
  end if;
  if exists (select from added a
              where a.kind = 'evidence'
                and (select e.digest from evidence e where e.id = a.evidence_id and e.bank = a.bank) is distinct from a.digest) then
    raise exception 'a leaf of no evidence' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
revoke execute on function check_ledger_leaves() from public;

create trigger ledger_leaf_follows
  after insert on ledger_leaf referencing new table as added for each statement execute function check_ledger_leaves();
create trigger ledger_leaf_is_append_only
  before update or delete or truncate on ledger_leaf for each statement execute function refuse_change();
alter table ledger_leaf
  enable always trigger ledger_leaf_follows,
  enable always trigger ledger_leaf_is_append_only;

-- Evidence that has no number yet. Giving the number within the authorising transaction would make all of a bank's wait for each other.
-- One row more with one index is all that the ledger adds to that transaction.
create table ledger_pending (
  evidence_id uuid          not null,
  bank        nonempty_text not null,
  digest      sha256_hash   not null,
  stored_at   timestamptz   not null,
  constraint ledger_pending_in_order primary key (bank, stored_at, evidence_id)
);

create function await_ledger_number() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into ledger_pending (evidence_id, bank, digest, stored_at) values (new.id, new.bank, new.digest, new.stored_at);
  return null;
end
$$;
revoke execute on function await_ledger_number() from public;

create trigger evidence_awaits_ledger after insert on evidence for each row execute function await_ledger_number();
alter table evidence enable always trigger evidence_awaits_ledger;

-- Nothing waits in vain: a row goes only when its evidence has a leaf, or was brought back to its lost leaf and so has its number already.
create function check_ledger_moved() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  if exists (select from moved m
              where (select l.digest from ledger_leaf l where l.evidence_id = m.evidence_id) is distinct from m.digest
                and not exists (select from ledger_leaf l where l.bank = m.bank and l.digest = m.digest and l.kind = 'lost')) then
    raise exception 'evidence without a number' using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$$;
revoke execute on function check_ledger_moved() from public;

create trigger ledger_pending_gets_a_number
  after delete on ledger_pending referencing old table as moved for each statement execute function check_ledger_moved();
create trigger ledger_pending_stays
  before update or truncate on ledger_pending for each statement execute function refuse_change();
alter table ledger_pending
  enable always trigger ledger_pending_gets_a_number,
  enable always trigger ledger_pending_stays;

-- The second log: each leaf covers the heads of the chains of audit events that changed since the leaf before it.
create table ledger_audit_leaf (
  bank      nonempty_text not null,
  number    ledger_number not null,
  kind      text          not null check (kind in ('heads', 'lost')),
  digest    sha256_hash   not null,
  closed_at timestamptz   not null default clock_timestamp(),
  primary key (bank, number)
);
-- When the last one of a bank was closed: what changed since is still to be covered. A lost leaf says nothing of that.
create index ledger_audit_leaf_closed on ledger_audit_leaf (bank, closed_at) where kind = 'heads';

create function check_ledger_audit_leaves() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off
as $$
begin
  if exists (select from (select bank, min(number) as first, max(number) as last, count(*) as count from added group by bank) a
              where a.last - a.first + 1 <> a.count
                 or (a.first > 1
                     and (select l.number from ledger_audit_leaf l
                           where l.bank = a.bank and l.number = a.first - 1) is null)) then
    raise exception 'the leaves of a bank are numbered without a gap' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
revoke execute on function check_ledger_audit_leaves() from public;
create trigger ledger_audit_leaf_follows
  after insert on ledger_audit_leaf referencing new table as added
  for each statement execute function check_ledger_audit_leaves();
create trigger ledger_audit_leaf_is_append_only
  before update or delete or truncate on ledger_audit_leaf for each statement execute function refuse_change();
alter table ledger_audit_leaf
  enable always trigger ledger_audit_leaf_follows,
  enable always trigger ledger_audit_leaf_is_append_only;

-- The list that the digest of an audit leaf covers.
create table ledger_audit_head (
  bank    nonempty_text not null,
  number  ledger_number not null,
  subject nonempty_text not null,
  seq     bigint        not null,
  hash    sha256_hash   not null,
  primary key (bank, number, subject),
  foreign key (bank, number) references ledger_audit_leaf,
  constraint ledger_audit_head_bank check (starts_with(subject, 'consent:' || bank || ':') or subject = 'bank:' || bank)
);
-- Which head of a chain is covered already.
create unique index ledger_audit_head_of_chain on ledger_audit_head (subject, seq);
create trigger ledger_audit_head_is_append_only
  before update or delete or truncate on ledger_audit_head for each statement execute function refuse_change();
alter table ledger_audit_head enable always trigger ledger_audit_head_is_append_only;

-- Which chains of a bank have changed is read from its newest events. The subject of a consent is consent:BANK:ID, that of
-- what concerns the bank itself bank:BANK.
create index audit_event_of_bank on audit_event (split_part(subject, ':', 2), recorded_at)
  where starts_with(subject, 'consent:') or starts_with(subject, 'bank:');

-- The signed heads of the trees (C2SP tlog-checkpoint), one note for each size. A note that is stored here is published unchanged, also
-- by another process after a crash: so the row is committed first, then the tiles are kept outside, then the note.
create table checkpoint (
  bank      nonempty_text not null,
  kind      ledger_kind   not null,
  size      ledger_number not null,
  root      sha256_hash   not null,
  note      nonempty_text not null,
  signed_at timestamptz   not null default clock_timestamp(),
  primary key (bank, kind, size)
);
create trigger checkpoint_is_append_only
  before update or delete or truncate on checkpoint for each statement execute function refuse_change();
alter table checkpoint enable always trigger checkpoint_is_append_only;

-- What witnesses signed of it (C2SP tlog-cosignature): the line as it is appended to the note.
create table checkpoint_cosignature (
  bank        nonempty_text not null,
  kind        ledger_kind   not null,
  size        ledger_number not null,
  witness     nonempty_text not null,
  line        nonempty_text not null,
  received_at timestamptz   not null default clock_timestamp(),
  primary key (bank, kind, size, witness),
  foreign key (bank, kind, size) references checkpoint
);
create trigger checkpoint_cosignature_is_append_only
  before update or delete or truncate on checkpoint_cosignature for each statement execute function refuse_change();
alter table checkpoint_cosignature enable always trigger checkpoint_cosignature_is_append_only;

-- RFC 3161 tokens (DER). The first of a head (nth 0) is over its note, and one log gets one a day. Each further one renews the one
-- before it: it is over the note and that token.
create table checkpoint_timestamp (
  bank       nonempty_text not null,
  kind       ledger_kind   not null,
  size       ledger_number not null,
  nth        integer       not null check (nth between 0 and 999),
  -- Of the first: the day of its time, in UTC.
  day        date,
  authority  nonempty_text not null,
  gen_time   timestamptz   not null,
  -- The earliest end of a certificate on the path of its authority.
  expires_at timestamptz   not null,
  token      bytea         not null,
  stored_at  timestamptz   not null default clock_timestamp(),
  primary key (bank, kind, size, nth),
  foreign key (bank, kind, size) references checkpoint,
  constraint checkpoint_timestamp_day check ((nth = 0) = (day is not null) and day = (gen_time at time zone 'UTC')::date)
);
create unique index checkpoint_timestamp_daily on checkpoint_timestamp (bank, kind, day);
create index checkpoint_timestamp_ending on checkpoint_timestamp (expires_at, bank, kind, size);
create trigger checkpoint_timestamp_is_append_only
  before update or delete or truncate on checkpoint_timestamp for each statement execute function refuse_change();
alter table checkpoint_timestamp enable always trigger checkpoint_timestamp_is_append_only;

-- Evidence that was brought back to a lost leaf: the file as it came, compressed and sealed under the data key of its consent, with
-- which it is erased. It is no row of `evidence`: BankID's answer and the consent of then were lost, and are not invented.
create table returned_evidence (
  bank              nonempty_text not null,
  number            ledger_number not null,
  evidence_id       uuid          not null unique,
  subject           nonempty_text not null,
  sealed            bytea         storage external not null,
  retention_ends_at timestamptz   not null,
  returned_at       timestamptz   not null default clock_timestamp(),
  primary key (bank, number),
  foreign key (bank, number) references ledger_leaf,
  constraint returned_evidence_bank check (starts_with(subject, 'consent:' || bank || ':'))
);
create index returned_evidence_of_subject on returned_evidence (subject);
create function check_returned_evidence() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
  if (select kind from ledger_leaf where bank = new.bank and number = new.number) is distinct from 'lost' then
    raise exception 'evidence is brought back to lost leaves alone' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function check_returned_evidence() from public;
create trigger returned_evidence_was_lost before insert on returned_evidence
  for each row execute function check_returned_evidence();
create trigger returned_evidence_is_append_only
  before update or delete or truncate on returned_evidence for each statement execute function refuse_change();
alter table returned_evidence
  enable always trigger returned_evidence_was_lost,
  enable always trigger returned_evidence_is_append_only;

-- The columns that the database fills itself are granted to no login.
grant select, delete on ledger_pending to sigill_app;
grant select, insert (bank, log_id) on ledger_log to sigill_app;
grant select, insert (bank, number, kind, evidence_id, digest) on ledger_leaf to sigill_app;
grant select, insert (bank, number, kind, digest) on ledger_audit_leaf to sigill_app;
grant select, insert on ledger_audit_head to sigill_app;
grant select, insert (bank, kind, size, root, note) on checkpoint to sigill_app;
grant select, insert (bank, kind, size, witness, line) on checkpoint_cosignature to sigill_app;
grant select, insert (bank, kind, size, nth, day, authority, gen_time, expires_at, token) on checkpoint_timestamp to sigill_app;
grant select on ledger_log, ledger_leaf, ledger_pending, ledger_audit_leaf, ledger_audit_head, checkpoint, checkpoint_cosignature,
  checkpoint_timestamp, returned_evidence to sigill_auditor;
grant select, insert (bank, number, evidence_id, subject, sealed, retention_ends_at) on returned_evidence to sigill_app;
