import type { ClientId } from '../kernel/ids.ts';
import { execute, type Tx } from '../database/database.ts';
import { optionalInstant, type Row } from '../database/rows.ts';
import { statement } from '../database/statement.ts';
import { personLimits } from './attempt-limits.ts';

/** What is counted for a person whom a client named, and from when on. */
export interface PersonCount {
  /** The person under every look-up key there is. */
  readonly personHashes: readonly Buffer[];
  readonly clientId: ClientId;
  readonly failuresSince: Date;
  readonly ordersSince: Date;
}

/** For each limit that is reached, the time of the oldest event that fills it; undefined for one that is not reached. */
export interface FilledLimits {
  readonly certificateFailures: Date | undefined;
  readonly pairFailures: Date | undefined;
  readonly pairOrders: Date | undefined;
}

export const NOT_FILLED: FilledLimits = {
  certificateFailures: undefined,
  pairFailures: undefined,
  pairOrders: undefined,
};

/**
 * The limits of a {@link PersonCount}, $1 to $4, as `filled`, over a table of attempts, for a statement that begins with it. Only what happened after the person was
 * asked for the security code says anything of the person: an order that was never opened can be made by every caller who knows the
 * number. No attempt lasts an hour, so that the index on the start serves.
 */
export function filledLimits(attempts: string): string {
  return `mine as (
     select client_id, started_at, ended_at, outcome, failure, reached_signing from ${attempts}
      where bound_payer_hash = any($1::bytea[]) and started_at > $3::timestamptz - interval '1 hour'),
   failures as (
     select client_id, failure, ended_at from mine
      where outcome = 'failed' and reached_signing and ended_at > $3
        and ended_at > (select coalesce(max(ended_at), '-infinity') from mine where outcome in ('authorised', 'authenticated'))),
   filled as (
   select (select ended_at from failures where failure = 'certificateErr'
            order by ended_at desc offset ${personLimits.certificateFailures - 1} limit 1) as certificate_failures,
          (select ended_at from failures where client_id = $2
            order by ended_at desc offset ${personLimits.pairFailures - 1} limit 1) as pair_failures,
          (select started_at from mine
            where client_id = $2 and started_at > $4 and outcome is distinct from 'not-asked'
            order by started_at desc offset ${personLimits.pairOrders - 1} limit 1) as pair_orders)`;
}

export function parseFilled(row: Row): FilledLimits {
  return {
    certificateFailures: optionalInstant(row, 'certificate_failures'),
    pairFailures: optionalInstant(row, 'pair_failures'),
    pairOrders: optionalInstant(row, 'pair_orders'),
  };
}

const LOCK_PERSON = statement(
  'attempts.lockPerson',
  `select pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 7306))`,
);

/** Makes all presses that count this person's orders wait for each other until the transaction ends. */
export async function lockPerson(tx: Tx, personHash: Buffer): Promise<void> {
  await execute(tx, LOCK_PERSON, [personHash]);
}
