import { subjectOf } from '../../../consent/consents.ts';
import { execute, maybeRow, rows, type Scope } from '../../../database/database.ts';
import { bytes, instant, int, text, type Row } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import type { ClientId } from '../../../kernel/ids.ts';
import type { BackchannelId } from '../store/backchannel-id.ts';

/** A ping to be sent now, only by this instance while its lease lasts. */
export interface LeasedPing {
  readonly id: BackchannelId;
  readonly clientId: ClientId;
  /** The subject of the data key that sealed it. */
  readonly subject: string;
  readonly sealed: Buffer;
  /** This try counted. */
  readonly tries: number;
}

export interface PingLease {
  /** Fencing id: what the instance writes names it. */
  readonly leaseId: string;
  readonly now: Date;
  /** After this time another instance may send it again. */
  readonly until: Date;
}

/** Nothing more happens that a client would have to hear of: it was answered, or it ended. */
const FINAL = `coalesce(c.state <> 'awaiting-authorisation', l.state <> 'awaiting')`;

const TARGETS = 'left join consent c on c.id = r.consent_id left join login l on l.id = r.login_id';

const LEASE_PINGS = statement(
  'token.leasePings',
  `with due as (
     select r.id, coalesce(${subjectOf('c')}, 'login:' || l.client_id || ':' || l.id) as subject
       from backchannel_request r ${TARGETS}
      where r.ping_due_at <= $2 and ${FINAL} and r.client_id <> all ($5::text[])
      order by r.ping_due_at limit $4 for update of r skip locked)
   update backchannel_request r set ping_lease = $1, ping_tries = r.ping_tries + 1, ping_due_at = $3
     from due where r.id = due.id
   returning r.id, r.client_id, due.subject, r.ping_sealed, r.ping_tries`,
);

/** Takes up to `limit` pings that are due, of requests whose outcome is final. @param except clients whose pings can wait */
export async function leasePings(
  scope: Scope,
  { leaseId, now, until }: PingLease,
  except: readonly string[],
  limit: number,
): Promise<LeasedPing[]> {
  return rows(scope, LEASE_PINGS, [leaseId, now, until, limit, except], parsePing);
}

function parsePing(row: Row): LeasedPing {
  return {
    id: text(row, 'id') as BackchannelId,
    clientId: text(row, 'client_id') as ClientId,
    subject: text(row, 'subject'),
    sealed: bytes(row, 'ping_sealed'),
    tries: int(row, 'ping_tries'),
  };
}

const END_PING = statement(
  'token.endPing',
  'update backchannel_request set ping_sealed = null, ping_due_at = null where id = $1 and ping_lease = $2 and ping_due_at is not null',
);

/** It was sent, or will not be: what it would say is erased. Without effect if another instance has it, or the token was fetched. */
export async function endPing(scope: Scope, id: BackchannelId, leaseId: string): Promise<void> {
  await execute(scope, END_PING, [id, leaseId]);
}

const DELAY_PING = statement(
  'token.delayPing',
  'update backchannel_request set ping_due_at = $3 where id = $1 and ping_lease = $2 and ping_due_at is not null',
);

/** The client could not be reached: it is tried again at `until`. */
export async function delayPing(scope: Scope, id: BackchannelId, leaseId: string, until: Date): Promise<void> {
  await execute(scope, DELAY_PING, [id, leaseId, until]);
}

const FIND_OLDEST_PING = statement(
  'token.findOldestPing',
  `select r.ping_due_at
     from backchannel_request r ${TARGETS}
    where r.ping_due_at is not null and ${FINAL}
    order by r.ping_due_at limit 1`,
);

/** Since when the oldest unsent ping is due; undefined if there is none. */
export async function findOldestPing(scope: Scope): Promise<Date | undefined> {
  return maybeRow(scope, FIND_OLDEST_PING, [], (row) => instant(row, 'ping_due_at'));
}
