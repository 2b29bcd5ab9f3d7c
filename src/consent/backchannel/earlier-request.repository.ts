import type { ClientId } from '../../kernel/ids.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

const HAS_FAILED_REQUEST = statement(
  'consent.hasFailedRequest',
  `select exists (select from consent c join signing_attempt s on s.consent_id = c.id
                   where c.client_id = $1 and c.created_at > $3 and c.way <> 'browser' and c.initiation = $2::jsonb
                     and s.outcome in ('failed', 'unreached') and s.failure is distinct from 'startFailed') as failed`,
);

/** Whether an order for the same payment, which the client asked for since then, has failed, except for never having been opened. */
export async function hasFailedRequest(
  scope: Scope,
  clientId: ClientId,
  initiationJson: string,
  since: Date,
): Promise<boolean> {
  const failed = await maybeRow(scope, HAS_FAILED_REQUEST, [clientId, initiationJson, since], (row) =>
    bool(row, 'failed'),
  );
  return failed === true;
}
