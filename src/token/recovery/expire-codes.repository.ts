import type { ConsentId } from '../../kernel/ids.ts';
import { execute, type Tx } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';

const EXPIRE_CODES = statement(
  'token.expireCodes',
  `update authorization_request set code_expires_at = $2
    where consent_id = any($1::uuid[]) and code_hash is not null and code_used_at is null and code_expires_at > $2`,
);

/** Ends the codes of these consents that could still be redeemed, and returns how many there were. */
export async function expireCodes(tx: Tx, consentIds: readonly ConsentId[], now: Date): Promise<number> {
  return execute(tx, EXPIRE_CODES, [consentIds, now]);
}
