import type { Environment } from '../../kernel/environment.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { ClientKey } from '../clients.ts';
import { keyForms } from '../members/forms.ts';
import type { Faults } from './faults.ts';
import { parsePublicKey } from './public-key.ts';

const RIGHT = 'a P-256 key (ES256), an RSA key of 2048 bits or more (PS256) or an Ed25519 key (EdDSA)';
/** The sandbox marks its keys in their kid (sandbox/keys.ts). */
const OF_THE_SANDBOX = 'sandbox-';

/**
 * The public keys of one client, by value (RFC 7517 §5), each with a `kid` of its own and one algorithm.
 * @see FAPI 2.0 Security Profile §5.4
 */
export function parseKeys(jwks: unknown, environment: Environment, faults: Faults): readonly ClientKey[] {
  const keys = isJsonObject(jwks) ? jwks['keys'] : undefined;
  if (!isJsonObject(jwks)) faults.addForm('', jwks, 'an object with an array "keys" of public keys');
  else if (!Array.isArray(keys) || keys.length === 0)
    faults.addForm('/keys', keys, 'an array of at least one public key');
  if (!Array.isArray(keys)) return [];
  const parsed = keys.flatMap((key: unknown, index) => parseKey(key, environment, faults.at(`/keys/${index}`)));
  if (new Set(parsed.map((key) => key.kid)).size !== parsed.length)
    faults.addBeyondSchema('/keys', 'has a kid twice; each key needs its own');
  return parsed;
}

function parseKey(jwk: unknown, environment: Environment, faults: Faults): readonly ClientKey[] {
  if (!isJsonObject(jwk)) {
    faults.addForm('', jwk, `a public JWK: ${RIGHT}`);
    return [];
  }
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') faults.addForm('/use', jwk['use'], 'sig');
  const key = parsePublicKey(jwk, keyForms.signature, RIGHT, faults);
  if (environment !== 'sandbox' && key?.kid.startsWith(OF_THE_SANDBOX))
    faults.addBeyondSchema('/kid', `is that of a key generated for the sandbox; ${environment} needs its clients' own`);
  return key ? [key] : [];
}
