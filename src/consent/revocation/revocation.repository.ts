import { hasUnsettledAnswer } from '../../bankid-sign/order-group.repository.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { maybeRow, type Tx } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { PURPOSE, type EndReason } from '../consent.ts';

/** A party of the consent `c`, as signed or, before the signature, as pushed. */
function signed(party: 'client_id' | 'bank'): string {
  return `coalesce((select a.${party} from authorisation a where a.consent_id = c.id), c.${party})`;
}

const REVOKE = statement(
  'consent.revoke',
  `update consent c set state = 'revoked', reason = $4, ended_at = $5, live_token_hash = null, live_token_expires_at = null
    where id = $1 and (${signed('client_id')} = $2 or ${signed('bank')} = $3) and state in ('awaiting-authorisation', 'authorised')
      and (expires_at > $5 or (state = 'awaiting-authorisation' and $6::boolean))
   returning ${signed('bank')} as bank`,
);

/**
 * awaiting-authorisation or authorised → revoked, by a party of the consent. A consent that could still become authorised, because
 * an answer that came in time waits to be settled, can be revoked too, even if its time is up.
 */
export async function revoke(
  tx: Tx,
  consentId: ConsentId,
  party: { readonly clientId?: ClientId; readonly bank?: ClientId },
  reason: EndReason,
  now: Date,
): Promise<{ readonly bank: ClientId } | undefined> {
  const isAnswered = await hasUnsettledAnswer(tx, PURPOSE, consentId);
  const values = [consentId, party.clientId ?? null, party.bank ?? null, reason, now, isAnswered];
  return maybeRow(tx, REVOKE, values, (row) => ({ bank: text(row, 'bank') as ClientId }));
}
