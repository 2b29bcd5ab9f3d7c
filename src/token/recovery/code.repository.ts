import type { ConsentId } from '../../kernel/ids.ts';
import { execute, type Tx } from '../../platform/database.ts';

/** Ends the codes of these consents that could still be redeemed, and says how many there were. */
export async function expireCodes(tx: Tx, consentIds: readonly ConsentId[], now: Date): Promise<number> {
  return execute(
    tx,
    `update authorization_request set code_expires_at = $2
      where consent_id = any($1::uuid[]) and code_hash is not null and code_used_at is null and code_expires_at > $2`,
    [consentIds, now],
  );
}
