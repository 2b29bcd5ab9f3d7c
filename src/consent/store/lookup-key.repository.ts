import { keyIdOf, namedKeys } from '../../vault/key-ids.repository.ts';

export const KEYS_OF_AUTHORISATIONS = namedKeys('consent.findKeysOfAuthorisations', {
  table: 'authorisation',
  keyId: 'lookup_key_id',
  at: 'authorised_at',
  where: 'lookup_key_id is not null',
});

export const KEYS_OF_CONSUMPTIONS = namedKeys('consent.findKeysOfConsumptions', {
  table: 'consent',
  keyId: keyIdOf('consume_request_hash'),
  at: 'ended_at',
  where: 'consume_request_hash is not null',
});

export const KEYS_OF_ATTEMPTS = namedKeys('consent.findKeysOfAttempts', {
  table: 'signing_attempt',
  keyId: keyIdOf('bound_payer_hash'),
  at: 'started_at',
  where: 'bound_payer_hash is not null',
});
