import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../platform/database.ts';
import { bool, int } from '../../platform/rows.ts';

export type AttemptOutcome = 'not-placed' | 'withdrawn' | 'failed' | 'refused' | 'surplus' | 'authorised';

export interface NewAttempt {
  readonly attemptId: string;
  readonly consentId: ConsentId;
  readonly clientId: ClientId;
  readonly payerHash: Buffer | undefined;
  readonly returnNonceHash: Buffer;
  readonly startedAt: Date;
}

export async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<void> {
  await execute(
    tx,
    `insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      attempt.attemptId,
      attempt.consentId,
      attempt.clientId,
      attempt.payerHash ?? null,
      attempt.returnNonceHash,
      attempt.startedAt,
    ],
  );
}

export async function endAttempt(scope: Scope, attemptId: string, outcome: AttemptOutcome, now: Date): Promise<void> {
  await execute(scope, 'update signing_attempt set outcome = $2, ended_at = $3 where id = $1 and outcome is null', [
    attemptId,
    outcome,
    now,
  ]);
}

/** Makes everybody who counts this person's orders wait for each other until the transaction ends. */
export async function lockPayer(tx: Tx, payerHash: Buffer): Promise<void> {
  await execute(tx, `select pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 7306))`, [payerHash]);
}

/**
 * How often this person's orders failed since the last that succeeded, over all consents and TPPs, and how many orders this
 * TPP has made for the person. Counted under every lookup key there is.
 */
export async function countPayerOrders(
  tx: Tx,
  payerHashes: readonly Buffer[],
  clientId: ClientId,
  since: { readonly failures: Date; readonly orders: Date },
): Promise<{ readonly consecutiveFailures: number; readonly ordersOfClient: number }> {
  const counted = await maybeRow(
    tx,
    `select count(*) filter (where outcome = 'failed' and ended_at > $3 and ended_at > last_success) as failures,
            count(*) filter (where client_id = $2 and started_at > $4) as orders
       from signing_attempt,
            (select coalesce(max(ended_at), '-infinity') as last_success from signing_attempt
              where bound_payer_hash = any($1::bytea[]) and outcome = 'authorised') success
      where bound_payer_hash = any($1::bytea[])`,
    [payerHashes, clientId, since.failures, since.orders],
    (row) => ({ consecutiveFailures: int(row, 'failures'), ordersOfClient: int(row, 'orders') }),
  );
  return counted ?? { consecutiveFailures: 0, ordersOfClient: 0 };
}

/** The nonce of the returnUrl came back in the bound browser. False for a nonce of nothing, or one that came back before. */
export async function recordReturn(
  scope: Scope,
  consentId: ConsentId,
  returnNonceHash: Buffer,
  now: Date,
): Promise<boolean> {
  const recorded = await execute(
    scope,
    `update signing_attempt set returned_at = $3
      where consent_id = $1 and return_nonce_hash = $2 and returned_at is null`,
    [consentId, returnNonceHash, now],
  );
  return recorded === 1;
}

export async function hasReturned(scope: Scope, attemptId: string): Promise<boolean> {
  const returned = await maybeRow(
    scope,
    'select returned_at is not null as returned from signing_attempt where id = $1',
    [attemptId],
    (row) => bool(row, 'returned'),
  );
  return returned ?? false;
}

export async function countAttempts(scope: Scope, consentId: ConsentId): Promise<number> {
  const count = await maybeRow(
    scope,
    'select count(*) as attempts from signing_attempt where consent_id = $1',
    [consentId],
    (row) => int(row, 'attempts'),
  );
  return count ?? 0;
}
