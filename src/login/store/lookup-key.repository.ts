import { keyIdOf, namedKeys } from '../../vault/key-ids.repository.ts';

export const KEYS_OF_AUTHENTICATIONS = namedKeys('login.findKeysOfAuthentications', {
  table: 'authentication',
  keyId: 'lookup_key_id',
  at: 'authenticated_at',
  where: 'lookup_key_id is not null',
});

export const KEYS_OF_ATTEMPTS = namedKeys('login.findKeysOfAttempts', {
  table: 'login_attempt',
  keyId: keyIdOf('bound_payer_hash'),
  at: 'started_at',
  where: 'bound_payer_hash is not null',
});
