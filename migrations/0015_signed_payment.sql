-- What the payer signed is kept beside the signature, append-only: the payment as RFC 8785 text, with the environment, the bank and
-- the client that stand in the signed data. Introspection, token and consumption answer from here, never from what was pushed.
--
-- The two MACs are made by the service, under a look-up key, which the database does not hold: a login that changes a row cannot
-- make the MAC that belongs to it. payment_mac covers consent, evidence, environment, bank, client, the text, the digest of the
-- evidence, the payer's pairwise name and the time of the signature; payer_mac consent and personal number. Each begins with the
-- length and the id of its key; lookup_key_id is that id, readable and with an index, so
-- that it can be asked which keys are still in use.
--
-- An authorisation from before has empty MACs: they equal nothing, so that its consent is not consumed any more. Its evidence stays
-- as it is.
alter table authorisation disable trigger authorisation_is_append_only;
alter table authorisation
  add column environment text,
  add column bank filled_text,
  add column client_id filled_text,
  add column initiation filled_text,
  add column payment_mac bytea,
  add column payer_mac bytea;
update authorisation a
   set environment = i.environment, bank = c.bank, client_id = c.client_id, initiation = c.initiation::text,
       payment_mac = '', payer_mac = ''
  from consent c, installation i
 where c.id = a.consent_id;
alter table authorisation
  alter column environment set not null,
  alter column bank set not null,
  alter column client_id set not null,
  alter column initiation set not null,
  alter column payment_mac set not null,
  alter column payer_mac set not null,
  add column lookup_key_id text not null
    generated always as (encode(substring(payment_mac from 2 for greatest(octet_length(payment_mac) - 33, 0)), 'escape')) stored,
  add constraint authorisation_macs check (octet_length(payment_mac) > 33 and octet_length(payer_mac) > 33) not valid,
  drop column payer_hash;
create index authorisation_lookup_key on authorisation (lookup_key_id);
alter table authorisation enable always trigger authorisation_is_append_only;

-- No second copy of what was signed.
alter table consent
  drop column payment_hash,
  drop column names_debtor_account;
