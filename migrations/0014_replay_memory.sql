-- Which proofs were used is written to memory and not ahead to disk: nobody waits for the disk to ask whether a token lives. A crash
-- of the database, a restored base backup and the promotion of a standby all empty both tables together (PostgreSQL, CREATE TABLE,
-- UNLOGGED); an orderly stop keeps them. Without the row of replay_memory no proof is taken; with it, none that could have been
-- used before `since`.
alter table used_jti set unlogged;

create unlogged table replay_memory (
  one boolean primary key default true check (one),
  since timestamptz not null
);

-- Nothing was forgotten so far.
insert into replay_memory (since) values ('-infinity');

grant select, insert, update (since) on replay_memory to sigill_app;
