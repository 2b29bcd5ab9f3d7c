-- What the limits of orders are counted from: how each press of the button ended, and whether the person ever had the text before
-- them. And the shared count of the limits that protect the service itself.

-- failed     the payer tried: it costs an attempt of the consent
-- unreached  it ended before the payer was asked for the security code: it costs no attempt
-- not-asked  BankID never heard of it, because an order was open: no press at all
alter table signing_attempt
  -- BankID's hint code, or a word of ours in kebab-case.
  add column failure text check (failure <> ''),
  -- Whether BankID said userSign of it (sign_order_event).
  add column reached_signing boolean not null default false,
  -- When the payer took the order back on our page.
  add column cancelled_at timestamptz,
  drop constraint signing_attempt_outcome_check,
  add constraint signing_attempt_outcome_check
    check (outcome in ('not-asked', 'not-placed', 'withdrawn', 'unreached', 'failed', 'refused', 'surplus', 'authorised'));

grant update (failure, reached_signing, cancelled_at) on signing_attempt to sigill_app;

-- How much of a limit's present window the instances have drawn. Not written ahead to disk: after a crash the windows begin anew.
create unlogged table rate_window (
  -- SHA-256 over limit and caller: an address is personal data.
  key_hash     sha256_hash primary key,
  window_start timestamptz not null,
  taken        integer     not null check (taken >= 0)
);
create index rate_window_start on rate_window (window_start);

grant select, insert, update, delete on rate_window to sigill_app;
