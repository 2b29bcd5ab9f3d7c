-- Orders at BankID, and BankID's answers as received. Whatever could identify the payer is sealed under the subject's data key.
--
-- requested       the row exists before BankID is called, so that no order at BankID is unknown here
-- pending         BankID has accepted the order; the collector asks for its answer
-- answer-unknown  a collect was answered with 400: BankID has given its one final answer, perhaps to a call whose reply was lost
-- answered        final, and not yet settled; so is an order that was withdrawn, or whose answer is lost
-- set-aside       its settlement failed too often; an operator puts it back to `answered` when the cause is gone
-- settled         the purpose that placed the order has acted on it
-- renewed         it was not started in time, and another order has replaced it
-- refused         BankID did not accept the order
-- unknown         whether BankID accepted the order is not known; the payer was given no way to start it
create table sign_order (
  id                   uuid          primary key,
  seq                  bigint        not null generated always as identity,
  purpose              nonempty_text not null,
  order_group          nonempty_text not null,
  subject              nonempty_text not null,
  state                text          not null,
  -- A signature or an identification, and how the payer is reached.
  kind                 text          not null,
  way                  text          not null,
  device               text          not null,
  -- Of a phone order: null, as are the secrets that start the app.
  platform             text,
  -- The RP certificate: BankID gives an order only to the one that placed it.
  relying_party        nonempty_text not null,
  relying_party_name   text          not null,
  renewed_from         uuid          references sign_order,
  renewal              integer       not null default 0,
  -- What BankID said.
  order_ref            text          unique,
  start_sealed         bytea,
  hint_code            text,
  answer_status        text,
  failure              text,
  -- What became of it.
  withdrawn            boolean       not null default false,
  outcome              text,
  settle_tries         integer       not null default 0,
  -- Times of the application's clock.
  requested_at         timestamptz   not null,
  pressed_at           timestamptz   not null,
  started_at           timestamptz,
  answered_at          timestamptz,
  settle_after         timestamptz,
  settled_at           timestamptz,
  -- Times of the database's clock, which all instances share: leases, and what is due.
  recorded_at          timestamptz   not null default clock_timestamp(),
  next_collect_at      timestamptz,
  answer_unknown_since timestamptz,
  collect_lease_until  timestamptz,
  settle_lease_until   timestamptz,
  -- Fencing ids: an instance whose lease has passed to another can no longer reschedule, fail or settle the order.
  collect_lease        uuid,
  settle_lease         uuid
) with (fillfactor = 80);

-- The rules for an order's own columns. One function, because PostgreSQL parses the expression of each CHECK for every statement.
create function is_sound(o sign_order) returns boolean
  language plpgsql immutable
as $$
begin
  return o.state in ('requested', 'pending', 'answer-unknown', 'answered', 'set-aside', 'settled', 'renewed', 'refused', 'unknown')
     and o.kind in ('sign', 'auth')
     and (o.way, o.device) in (('browser', 'this'), ('browser', 'other'), ('app', 'this'), ('qr', 'other'), ('phone', 'call'))
     and o.platform in ('ios', 'android', 'desktop')
     and (o.way = 'phone') = (o.platform is null)
     and o.renewal >= 0
     and o.settle_tries >= 0
     and o.answer_status in ('complete', 'failed')
     and (o.state in ('requested', 'refused', 'unknown')
          or num_nulls(o.order_ref, o.started_at) = 0 and (o.start_sealed is null) = (o.way = 'phone'))
     and (o.state not in ('pending', 'answer-unknown') or o.next_collect_at is not null)
     and (o.state <> 'answer-unknown' or o.answer_unknown_since is not null)
     and (o.state in ('answered', 'set-aside', 'settled', 'renewed')) = (o.answer_status is not null)
     and (o.answer_status is null or o.answered_at is not null)
     and (o.state = 'settled') = (o.settled_at is not null and o.outcome is not null);
end
$$;
alter table sign_order add constraint sign_order_is_sound check (is_sound(sign_order));

create unique index sign_order_one_open on sign_order (order_group) where state in ('requested', 'pending', 'answer-unknown');
-- An order is renewed once.
create unique index sign_order_renewed_once on sign_order (renewed_from) where renewed_from is not null;
create index sign_order_latest on sign_order (order_group, seq desc);
-- No index holds a column that every collect changes, so that those updates stay on their page (HOT).
create index sign_order_collecting on sign_order (seq) where state in ('requested', 'pending', 'answer-unknown');
-- A queue for each bank, which is the second part of a consent's subject: queues take turns at being settled.
create index sign_order_unsettled on sign_order (purpose, split_part(subject, ':', 2), seq) where state = 'answered';
create index sign_order_set_aside on sign_order (seq) where state = 'set-aside';

-- What was asked of BankID, sealed. It is written once, and the row of its order five times and more: so it has a row of its own.
create table sign_order_request (
  order_id       uuid  primary key references sign_order,
  request_sealed bytea storage external not null
);
create trigger sign_order_request_is_append_only
  before update or delete or truncate on sign_order_request for each statement execute function refuse_change();
alter table sign_order_request enable always trigger sign_order_request_is_append_only;

-- What happened to an order and when: each change of the hint code, and what the service did.
create table sign_order_event (
  seq      bigint        not null generated always as identity,
  order_id uuid          not null references sign_order,
  at       timestamptz   not null,
  event    nonempty_text not null,
  primary key (order_id, seq)
);
create trigger sign_order_event_is_append_only
  before update or delete or truncate on sign_order_event for each statement execute function refuse_change();
alter table sign_order_event enable always trigger sign_order_event_is_append_only;

-- Orders in phone calls, to limit them: whom they were for is forgotten after a day.
create table phone_order (
  order_id    uuid          primary key references sign_order,
  client_id   nonempty_text not null,
  -- Keyed hash of the personal number.
  person_hash bytea,
  placed_at   timestamptz   not null
);
create index phone_order_person on phone_order (person_hash, placed_at) where person_hash is not null;
create index phone_order_known on phone_order (placed_at) where person_hash is not null;
create index phone_order_client on phone_order (client_id, placed_at desc);

-- The operator lets a client whose calls were declined too often place phone orders again; what came before counts no more.
create table phone_lift (
  client_id nonempty_text not null,
  lifted_at timestamptz   not null,
  lifted_by nonempty_text not null,
  primary key (client_id, lifted_at)
);
create trigger phone_lift_is_append_only
  before update or delete or truncate on phone_lift for each statement execute function refuse_change();
alter table phone_lift enable always trigger phone_lift_is_append_only;

-- BankID gives its final answer once. It is stored as received, before anything is concluded from it.
create table bankid_answer (
  order_id      uuid        primary key references sign_order,
  -- Sealed bytes cannot be compressed: PostgreSQL need not try.
  answer_sealed bytea       storage external not null,
  received_at   timestamptz not null,
  recorded_at   timestamptz not null default clock_timestamp()
);
create trigger bankid_answer_is_append_only
  before update or delete or truncate on bankid_answer for each statement execute function refuse_change();
alter table bankid_answer enable always trigger bankid_answer_is_append_only;

-- What was asked of BankID, for whom and when, is written once; after that an order only moves on.
grant select, insert,
      update (state, started_at, answered_at, settle_after, settle_tries, settled_at, next_collect_at,
              collect_lease_until, answer_unknown_since, settle_lease_until, collect_lease, settle_lease, withdrawn, order_ref,
              start_sealed, hint_code, answer_status, failure, outcome)
  on sign_order to sigill_app;
grant select, insert on sign_order_request, sign_order_event, bankid_answer, phone_lift to sigill_app;
grant select, insert, update (person_hash) on phone_order to sigill_app;
grant select on sign_order, sign_order_request, sign_order_event, bankid_answer to sigill_auditor;
