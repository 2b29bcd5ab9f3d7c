-- How much of each limit's present window the instances have drawn together. Unlogged: after a crash the windows start again.
create unlogged table rate_window (
  -- SHA-256 of limit and caller, because an address is personal data.
  key_hash     sha256_hash primary key,
  window_start timestamptz not null,
  taken        integer     not null check (taken >= 0)
);
create index rate_window_start on rate_window (window_start);

grant select, insert, update, delete on rate_window to sigill_app;
