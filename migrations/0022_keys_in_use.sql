-- Which keys stored rows still name: one step in an index for each key id (src/platform/key-ids.repository.ts), at the start of
-- the service and each minute. Where rows stop needing their key with time, the newest row of each key decides.
create index data_key_kek on data_key (kek_id);

drop index authorisation_lookup_key;
create index authorisation_lookup_key on authorisation (lookup_key_id, authorised_at);

-- The id stands in a keyed hash itself: length, id, 32 bytes of HMAC-SHA256.
create index consent_consume_lookup_key
  on consent (encode(substring(consume_request_hash from 2 for greatest(octet_length(consume_request_hash) - 33, 0)), 'escape'), ended_at)
  where consume_request_hash is not null;
create index signing_attempt_lookup_key
  on signing_attempt (encode(substring(bound_payer_hash from 2 for greatest(octet_length(bound_payer_hash) - 33, 0)), 'escape'), started_at)
  where bound_payer_hash is not null;
create index idempotent_push_lookup_key
  on idempotent_push (encode(substring(request_hash from 2 for greatest(octet_length(request_hash) - 33, 0)), 'escape'), expires_at);
