import type { ConsentId } from '../../kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import type { DataKey } from '../../vault/envelope.ts';
import { LOGIN_HINT } from '../consents.ts';

/** The person whom the TPP named. @throws when what is stored is not what was sealed */
export function openPayer(key: DataKey, consentId: ConsentId, sealed: Buffer): PersonalNumber {
  const payer = findPersonalNumber(key.open(LOGIN_HINT, consentId, sealed).toString('utf8'));
  if (payer === undefined)
    throw new TypeError(`the stored login hint of consent ${consentId} is not a personal number`);
  return payer;
}
