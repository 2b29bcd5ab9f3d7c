import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bool, bytes, instant, int, optionalInstant, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { LedgerLog } from '../log/ledger-log.ts';

/** The last of the tokens that stand over the notes of a log themselves. */
export interface LastTimestamp {
  readonly size: number;
  /** YYYY-MM-DD in UTC. */
  readonly day: string;
  readonly token: Buffer;
}

const SELECT_LAST = statement(
  'ledger.selectLastTimestamp',
  `select size, to_char(day, 'YYYY-MM-DD') as day, token from checkpoint_timestamp
    where bank = $1 and kind = $2 and nth = 0 order by size desc limit 1`,
);

export async function selectLastTimestamp(scope: Scope, { bank, kind }: LedgerLog): Promise<LastTimestamp | undefined> {
  return maybeRow(scope, SELECT_LAST, [bank, kind], (row) => ({
    size: int(row, 'size'),
    day: text(row, 'day'),
    token: bytes(row, 'token'),
  }));
}

const SELECT_OLDEST_WITHOUT = statement(
  'ledger.selectOldestWithoutTimestamp',
  `select signed_at from checkpoint
    where bank = $1 and kind = $2
      and size > coalesce((select size from checkpoint_timestamp
                            where bank = $1 and kind = $2 and nth = 0 order by size desc limit 1), 0)
    order by size limit 1`,
);

/** When the oldest head that is larger than the last timestamped one was signed. */
export async function selectOldestWithout(scope: Scope, { bank, kind }: LedgerLog): Promise<Date | undefined> {
  return maybeRow(scope, SELECT_OLDEST_WITHOUT, [bank, kind], (row) => instant(row, 'signed_at'));
}

/** A token to store: the first of its head, or the renewal of the one before it. */
export interface NewTimestamp {
  readonly size: number;
  readonly nth: number;
  readonly authority: string;
  readonly time: Date;
  readonly expires: Date;
  readonly token: Buffer;
}

const INSERT_TIMESTAMP = statement(
  'ledger.insertTimestamp',
  `insert into checkpoint_timestamp (bank, kind, size, nth, day, authority, gen_time, expires_at, token)
   values ($1, $2, $3, $4, case when $4 = 0 then ($6::timestamptz at time zone 'UTC')::date end, $5, $6, $7, $8)
   on conflict do nothing`,
);

/** @returns whether it was stored: not if the head has its nth token, or the log one of that day */
export async function insertTimestamp(scope: Scope, { bank, kind }: LedgerLog, stamp: NewTimestamp): Promise<boolean> {
  const { size, nth, authority, time, expires, token } = stamp;
  return (await execute(scope, INSERT_TIMESTAMP, [bank, kind, size, nth, authority, time, expires, token])) > 0;
}

const TRY_TURN = statement(
  'ledger.tryTimestampTurn',
  'select pg_try_advisory_xact_lock(hashtextextended($1::text, 7314)) as locked',
);

/** Whether this transaction has the turn to timestamp the log, until it ends. */
export async function tryTimestampTurn(tx: Tx, { folder }: LedgerLog): Promise<boolean> {
  return (await maybeRow(tx, TRY_TURN, [folder], (row) => bool(row, 'locked'))) === true;
}

/** A token of a head, and what it stands over. */
export interface StoredTimestamp extends NewTimestamp {
  readonly note: string;
}

export interface EndingTimestamp extends StoredTimestamp {
  readonly bank: string;
  readonly kind: string;
}

const STORED = `t.size, t.nth, t.authority, t.gen_time, t.expires_at, t.token, c.note`;

const SELECT_ENDING = statement(
  'ledger.selectEndingTimestamps',
  `select t.bank, t.kind, ${STORED}
     from checkpoint_timestamp t join checkpoint c on c.bank = t.bank and c.kind = t.kind and c.size = t.size
    where t.expires_at < $1 and (t.expires_at, t.bank, t.kind, t.size) > ($2, $3, $4, $5)
      and not exists (select from checkpoint_timestamp n
                       where n.bank = t.bank and n.kind = t.kind and n.size = t.size and n.nth = t.nth + 1)
    order by t.expires_at, t.bank, t.kind, t.size limit 100`,
);

/** The next hundred tokens that end before a time and have no renewal, after one that was looked at. */
export async function selectEnding(
  scope: Scope,
  before: Date,
  after: EndingTimestamp | undefined,
): Promise<readonly EndingTimestamp[]> {
  const from = after ? [after.expires, after.bank, after.kind, after.size] : [new Date(0), '', '', 0];
  return rows(scope, SELECT_ENDING, [before, ...from], (row) => ({
    ...parseStored(row),
    bank: text(row, 'bank'),
    kind: text(row, 'kind'),
  }));
}

const SELECT_SOONEST = statement(
  'ledger.selectSoonestEndingTimestamp',
  `select t.expires_at from checkpoint_timestamp t
    where t.expires_at > $1
      and not exists (select from checkpoint_timestamp n
                       where n.bank = t.bank and n.kind = t.kind and n.size = t.size and n.nth = t.nth + 1)
    order by t.expires_at limit 1`,
);

/** When the first token ends that holds and has no renewal. */
export async function selectSoonestEnding(scope: Scope, now: Date): Promise<Date | undefined> {
  return maybeRow(scope, SELECT_SOONEST, [now], (row) => instant(row, 'expires_at'));
}

const SELECT_OF_LOG = statement(
  'ledger.selectTimestampsOfLog',
  `select ${STORED}
     from checkpoint_timestamp t join checkpoint c on c.bank = t.bank and c.kind = t.kind and c.size = t.size
    where t.bank = $1 and t.kind = $2 and (t.size, t.nth) > ($3, $4)
    order by t.size, t.nth limit 100`,
);

/** The next hundred tokens of a log, by size and then by age. */
export async function selectOfLog(
  scope: Scope,
  { bank, kind }: LedgerLog,
  after: { readonly size: number; readonly nth: number },
): Promise<readonly StoredTimestamp[]> {
  return rows(scope, SELECT_OF_LOG, [bank, kind, after.size, after.nth], parseStored);
}

/** Heads that waited for a timestamp for longer than a day. */
export interface TimestampGap {
  /** The oldest of them. */
  readonly signedAt: Date;
  /** The time of the token that covers them; undefined while there is none. */
  readonly stampedAt: Date | undefined;
  /** The size of the head that has that token. */
  readonly size: number | undefined;
}

const SELECT_GAPS = statement(
  'ledger.selectTimestampGaps',
  `select o.signed_at, s.gen_time, s.size::text as size
     from (select size, gen_time, lag(size, 1, 0::bigint) over (order by size) as after
             from checkpoint_timestamp where bank = $1 and kind = $2 and nth = 0
            union all
           select null, null, coalesce(max(size), 0) from checkpoint_timestamp where bank = $1 and kind = $2 and nth = 0) s
     cross join lateral (select signed_at from checkpoint
                          where bank = $1 and kind = $2 and size > s.after order by size limit 1) o
    where coalesce(s.gen_time, $3) > o.signed_at + make_interval(hours => 25)
    order by o.signed_at`,
);

/** The gaps of a log, oldest first. */
export async function selectGaps(scope: Scope, { bank, kind }: LedgerLog, now: Date): Promise<readonly TimestampGap[]> {
  return rows(scope, SELECT_GAPS, [bank, kind, now], (row) => {
    const size = optionalText(row, 'size');
    return {
      signedAt: instant(row, 'signed_at'),
      stampedAt: optionalInstant(row, 'gen_time'),
      size: size === undefined ? undefined : Number(size),
    };
  });
}

function parseStored(row: Row): StoredTimestamp {
  return {
    size: int(row, 'size'),
    nth: int(row, 'nth'),
    authority: text(row, 'authority'),
    time: instant(row, 'gen_time'),
    expires: instant(row, 'expires_at'),
    token: bytes(row, 'token'),
    note: text(row, 'note'),
  };
}
