-- Sign orders at BankID and the answers as received. What a payer could be recognised by is sealed with the subject's data key.
--
-- requested       a row stands before /sign is called, so that no order at BankID is unknown to us
-- pending         BankID has it; the collector asks
-- answer-unknown  a collect was answered 400: the one final answer went to somebody, perhaps to us
-- answered        finished, waiting to be settled (also when it was withdrawn, or the answer lost)
-- settled         whoever asked for it has drawn the conclusions
-- renewed         the QR code was not scanned in time; another order has taken its place
-- refused         BankID did not take it
-- unknown         nobody knows whether BankID took it; nobody can start it either
create table sign_order (
  id                   uuid        primary key,
  seq                  bigint      not null generated always as identity unique,
  purpose              text        not null check (purpose <> ''),
  order_group          text        not null check (order_group <> ''),
  subject              text        not null check (subject <> ''),
  state                text        not null check (state in ('requested', 'pending', 'answer-unknown', 'answered',
                                                             'settled', 'renewed', 'refused', 'unknown')),
  device               text        not null check (device in ('this', 'other')),
  platform             text        not null check (platform in ('ios', 'android', 'desktop')),
  relying_party_name   text        not null,
  request_sealed       bytea       not null,
  -- Times of the application's clock.
  requested_at         timestamptz not null,
  pressed_at           timestamptz not null,
  started_at           timestamptz,
  launch_link_given_at timestamptz,
  answered_at          timestamptz,
  settle_after         timestamptz,
  settled_at           timestamptz,
  -- Times of the database's clock, which all instances share: leases and what is due.
  recorded_at          timestamptz not null default clock_timestamp(),
  next_collect_at      timestamptz,
  collect_lease_until  timestamptz,
  answer_unknown_since timestamptz,
  settle_lease_until   timestamptz,
  -- Fencing ids: whoever lost the lease to another can no longer reschedule, fail or settle.
  collect_lease        uuid,
  settle_lease         uuid,
  renewal              integer     not null default 0 check (renewal >= 0),
  renewed_from         uuid        unique references sign_order,
  withdrawn            boolean     not null default false,
  order_ref            text        unique,
  start_sealed         bytea,
  hint_code            text,
  answer_status        text        check (answer_status in ('complete', 'failed')),
  failure              text,
  outcome              text,
  check (state in ('requested', 'refused', 'unknown') or (order_ref is not null and start_sealed is not null and started_at is not null)),
  check (state not in ('pending', 'answer-unknown') or next_collect_at is not null),
  check ((state in ('answered', 'settled', 'renewed')) = (answer_status is not null)),
  check (answer_status is null or answered_at is not null),
  check ((state = 'settled') = (settled_at is not null and outcome is not null)),
  check ((state = 'answer-unknown') <= (answer_unknown_since is not null))
) with (fillfactor = 50);

create unique index sign_order_one_open on sign_order (order_group) where state in ('requested', 'pending', 'answer-unknown');
create index sign_order_latest on sign_order (order_group, seq desc);
-- The columns that every collect changes are in no index, so that those updates stay on their page (HOT).
create index sign_order_collecting on sign_order (seq) where state in ('requested', 'pending', 'answer-unknown');
create index sign_order_unsettled on sign_order (seq) where state = 'answered';

-- What happened to an order and when: hint codes as they changed, and what we did.
create table sign_order_event (
  seq      bigint      not null generated always as identity primary key,
  order_id uuid        not null references sign_order,
  at       timestamptz not null,
  event    text        not null check (event <> '')
);
create index sign_order_event_of_order on sign_order_event (order_id, seq);

-- BankID gives a final answer once. It is stored as it came, before anything is concluded from it.
create table bankid_answer (
  order_id      uuid        primary key references sign_order,
  answer_sealed bytea       not null,
  received_at   timestamptz not null,
  recorded_at   timestamptz not null default clock_timestamp()
);

create trigger sign_order_event_is_append_only
  before update or delete or truncate on sign_order_event
  for each statement execute function refuse_change();
create trigger bankid_answer_is_append_only
  before update or delete or truncate on bankid_answer
  for each statement execute function refuse_change();
alter table sign_order_event enable always trigger sign_order_event_is_append_only;
alter table bankid_answer enable always trigger bankid_answer_is_append_only;

grant select, insert, update on sign_order to sigill_app;
grant select, insert on sign_order_event, bankid_answer to sigill_app;
grant select on sign_order, sign_order_event, bankid_answer to sigill_auditor;
