import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { columnLocks, otherValues, type ColumnLock, type LockedTable } from '../../support/database/column-locks.ts';
import { approve, ask, carryOut } from '../../support/database/erase.ts';
import { tamper } from '../../support/database/tamper.ts';
import { anna, payment, TestSystem } from '../../support/system/system.ts';

const REFUSED = /never changes|append-only|does not go from|can only be updated to DEFAULT/;
const RULE = /consent_is_sound/;
const tables = Object.keys(columnLocks) as LockedTable[];
const consentKey: Readonly<Record<LockedTable, string>> = {
  consent: 'id',
  authorisation: 'consent_id',
  authorization_request: 'consent_id',
  backchannel_request: 'consent_id',
  access_token: 'consent_id',
  signing_attempt: 'consent_id',
};

interface Column {
  readonly table: LockedTable;
  readonly name: string;
  readonly type: string;
}

let test: TestSystem;
let columns: readonly Column[];
/** A payment whose token lives, and one that was consumed and reported on. */
let live: string;
let over: string;

beforeAll(async () => {
  test = await TestSystem.start();
  live = (await test.signedPayment()).token.consentId;
  over = await consumed();
  for (const consentId of [live, over]) await requestByBackchannel(consentId);
  columns = (await test.database.asOwner(
    `select table_name as "table", column_name as name, coalesce(domain_name, udt_name) as type
       from information_schema.columns where table_schema = 'public' and table_name = any($1) order by 1, ordinal_position`,
    [tables],
  )) as unknown as Column[];
});

afterAll(() => test.stop());

async function consumed(): Promise<string> {
  const { token } = await test.signedPayment();
  const use = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'reference-1' };
  expect((await test.bank.consume(token.consentId, use)).status).toBe(200);
  expect((await test.bank.reportExecution(token.consentId, { execution: 'executed' })).status).toBe(200);
  return token.consentId;
}

/** A row as a redeemed backchannel request leaves it. */
function requestByBackchannel(consentId: string): Promise<unknown> {
  return test.database.asOwner(
    `insert into backchannel_request (id, auth_req_id_hash, client_id, consent_id, way, request_object_sealed,
                                      request_object_jti_hash, requested_at, expires_at, redeemed_at)
     select translate(encode(substring(sha256($1::text::bytea) for 16), 'base64'), '+/=', '-_'), sha256(('a' || $1)::bytea), 'tpp',
            $1::uuid, 'qr', '\\x00', sha256(('j' || $1)::bytea), now(), now() + interval '180 s', now()`,
    [consentId],
  );
}

const lockOf = ({ table, name }: Column): ColumnLock | undefined => columnLocks[table][name];

/** The owner's ordinary statement; `replica` is what silences triggers that are not enabled always. */
async function change({ table, name, type }: Column, consentId: string, role = 'origin'): Promise<unknown> {
  const owner = new pg.Client({ connectionString: test.database.ownerUrl });
  await owner.connect();
  try {
    await owner.query('select set_config($1, $2, false)', ['session_replication_role', role]);
    const sql = `update ${table} set ${name} = ${otherValues[type] ?? 'null'} where ${consentKey[table]} = $1`;
    const { rowCount } = await owner.query(sql, [consentId]);
    return rowCount;
  } finally {
    await owner.end();
  }
}

const triggered = (from: string): readonly Column[] =>
  columns.filter((column) => {
    const lock = lockOf(column);
    return lock?.lock === 'trigger' && lock.from === from;
  });

describe('the owner of the database', () => {
  it('finds each column of consent, authorisation, requests, token and attempt in the table of locks, and no other', () => {
    const known = tables.flatMap((table) => Object.keys(columnLocks[table]).map((name) => `${table}.${name}`));
    expect(columns.map(({ table, name }) => `${table}.${name}`).sort()).toEqual(known.sort());
    expect(columns.filter(({ type }) => otherValues[type] === undefined)).toEqual([]);
  });

  it('cannot change what was pushed, signed or issued, while it lives or after', async () => {
    const frozen = triggered('always');
    expect(frozen.length).toBeGreaterThan(30);
    for (const column of frozen) {
      for (const consentId of [live, over]) {
        await expect(change(column, consentId)).rejects.toThrow(REFUSED);
        await expect(change(column, consentId, 'replica')).rejects.toThrow(REFUSED);
      }
    }
  });

  it('cannot change anything of a consent that has ended, nor a second time what is set once', async () => {
    const frozen = [...triggered('ended'), ...triggered('set')];
    expect(frozen.length).toBeGreaterThan(15);
    for (const column of frozen) {
      await expect(change(column, over)).rejects.toThrow(REFUSED);
      await expect(change(column, over, 'replica')).rejects.toThrow(REFUSED);
    }
  });

  it('cannot bring back a revoked token, a redeemed code or an ended consent by clearing what says so', async () => {
    for (const sql of [
      'update access_token set revoked_at = null where consent_id = $1',
      'update authorization_request set code_used_at = null where consent_id = $1',
      'update consent set ended_at = null where id = $1',
      `update consent set execution = 'pending' where id = $1`,
      'delete from authorization_request where consent_id = $1',
      'update backchannel_request set redeemed_at = null where consent_id = $1',
      'delete from backchannel_request where consent_id = $1',
      'delete from signing_attempt where consent_id = $1',
    ]) {
      await expect(test.database.asOwner(sql, [over])).rejects.toThrow(REFUSED);
    }
  });

  it('cannot bind a browser to a consent of another way, or name who called where none did', async () => {
    const rules = async (change: string): Promise<unknown> =>
      tamper(test.database, 'consent', `update consent set ${change} where id = $1`, [live]);
    await expect(rules(`way = 'app'`)).rejects.toThrow(RULE);
    await expect(rules(`way = 'phone', browser_cookie_hash = null`)).rejects.toThrow(RULE);
    await expect(rules(`call_initiator = 'RP'`)).rejects.toThrow(RULE);
  });

  it('cannot smuggle a frozen column in by an insert that becomes an update', async () => {
    const sql = `insert into consent select * from consent where id = $1
                 on conflict (id) do update set initiation = '{"altered":true}'`;
    await expect(test.database.asOwner(sql, [live])).rejects.toThrow(REFUSED);
    const merge = `merge into consent c using (select 1) s on c.id = $1
                   when matched then update set initiation = '{"altered":true}'`;
    await expect(test.database.asOwner(merge, [live])).rejects.toThrow(REFUSED);
  });
});

describe('the bank', () => {
  it('reports on a consumed payment once, also where the database is asked by hand', async () => {
    const { token } = await test.signedPayment();
    const use = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'reference-2' };
    await test.bank.consume(token.consentId, use);
    const report = (execution: string): Promise<unknown> =>
      test.database.asOwner('update consent set execution = $2, execution_reported_at = now() where id = $1', [
        token.consentId,
        execution,
      ]);
    await expect(report('pending')).rejects.toThrow(REFUSED);
    await report('executed');
    await expect(report('executed')).rejects.toThrow(REFUSED);
  });
});

describe("the service's login", () => {
  const asService = (sql: string, params: unknown[] = []): Promise<unknown> =>
    test.database.source.query<unknown>(sql, params);

  it('cannot take a failed attempt back', async () => {
    await asService('update consent set failed_attempts = failed_attempts + 2 where id = $1', [live]);
    for (const fewer of ['failed_attempts - 1', '0']) {
      const sql = `update consent set failed_attempts = ${fewer} where id = $1`;
      await expect(asService(sql, [live])).rejects.toThrow(/never taken back/);
      await expect(test.database.asOwner(sql, [live])).rejects.toThrow(/never taken back/);
    }
  });

  it('cannot give a person another try by altering the attempts that count', async () => {
    for (const sql of [
      `update signing_attempt set outcome = 'unreached', reached_signing = false where consent_id = $1`,
      'update signing_attempt set outcome = null, ended_at = null where consent_id = $1',
    ]) {
      await expect(asService(sql, [over])).rejects.toThrow(REFUSED);
    }
    await expect(asService('delete from signing_attempt where consent_id = $1', [over])).rejects.toThrow(/permission/);
  });

  it('places a legal hold and cannot release one', async () => {
    const id = randomUUID();
    const place = `insert into legal_hold (id, action, covers, client_id, case_reference, review_on, actor)
                   values ($1, 'placed', 'client', 'x', 'T-1', '2027-06-30', 'operator:x')`;
    const release = `insert into legal_hold (id, action, case_reference, actor) values ($1, 'released', 'T-1', 'operator:x')`;
    await expect(test.database.asOwner(release, [id])).rejects.toThrow(/no such hold/);
    await asService(place, [id]);
    await expect(asService(release, [id])).rejects.toThrow(/two persons release a hold/);
    const request = await ask(test.database, { action: 'release', hold: id });
    await expect(asService(release, [id])).rejects.toThrow(/two persons release a hold/);
    await approve(test.database, request);
    await expect(asService(release, [id])).rejects.toThrow(/row-level security/);
    await carryOut(test.database, request);
    const holds = (await asService('select action from legal_hold order by decided_at')) as { action: string }[];
    expect(holds.map(({ action }) => action)).toEqual(['placed', 'released']);
  });
});
