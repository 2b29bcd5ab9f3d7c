import { isJsonObject } from '../../kernel/json.ts';
import type { EncryptionKey } from '../clients.ts';
import { keyForms } from '../members/forms.ts';
import type { Faults } from './faults.ts';
import { parsePublicKey } from './public-key.ts';

const RIGHT = 'a P-256 key or an RSA key of 2048 bits or more';

/** The public key to which signed answers for this client are encrypted. @see RFC 7518 §4.3, §4.6 */
export function parseEncryptionKey(value: unknown, faults: Faults): EncryptionKey | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) {
    faults.addForm('', value, `a public JWK: ${RIGHT}`);
    return undefined;
  }
  if (value['use'] !== 'enc') faults.addForm('/use', value['use'], 'enc');
  return parsePublicKey(value, keyForms.encryption, RIGHT, faults);
}
