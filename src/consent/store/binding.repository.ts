import type { ConsentId, InteractionId } from '../../kernel/ids.ts';
import { maybeRow, type Tx } from '../../database/database.ts';
import { text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

const BIND_UNBOUND = statement(
  'consent.bindUnbound',
  `update consent set browser_cookie_hash = $2
    where interaction_id = $1 and way = 'browser' and browser_cookie_hash is null
      and state = 'awaiting-authorisation' and expires_at > $3 and created_at > $4
   returning id`,
);

/** Binds an unbound interaction. Undefined if it is bound already, or the time to begin has ended. */
export async function bindUnbound(
  tx: Tx,
  interactionId: InteractionId,
  cookieHash: Buffer,
  times: { readonly now: Date; readonly pushedAfter: Date },
): Promise<ConsentId | undefined> {
  return maybeRow(
    tx,
    BIND_UNBOUND,
    [interactionId, cookieHash, times.now, times.pushedAfter],
    (row) => text(row, 'id') as ConsentId,
  );
}
