import { randomBytes } from 'node:crypto';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { StoredRows } from '../../../src/compliance/reverify/stored-rows.ts';
import { CONFIG, type AppConfig } from '../../../src/config/config.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { Database } from '../../../src/database/database.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { Reverification, type ReverificationSummary } from '../../../src/compliance/reverification.ts';
import { BankSteps } from '../../support/parties/bank-steps.ts';
import { otherValues } from '../../support/database/column-locks.ts';
import { reverifiedColumns } from '../../support/database/reverified-columns.ts';
import { anna, bo, payment } from '../../support/system/system.ts';
import { tamper } from '../../support/database/tamper.ts';

const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') };
const keys: Readonly<Record<string, string>> = { consent: 'id' };

/** Another last byte: the key that a keyed hash names stays the same. */
function flipped(column: string): string {
  const last = `octet_length(${column}) - 1`;
  return `set_byte(${column}, ${last}, 255 - get_byte(${column}, ${last}))`;
}

/** Where the type's other value breaks a rule that even the owner cannot switch off, or is the one that stands there. */
const values: Readonly<Record<string, string>> = {
  'consent.bank': `'andrabanken'`,
  'consent.state': `'rejected'`,
  'consent.reason': 'null',
  'access_token.bank': 'null',
  'access_token.scope': 'null',
  'access_token.jkt': `repeat('B', 43)`,
  'access_token.x5t': 'null',
  'access_token.revoked_at': 'null',
  'evidence.kind': `'surplus'`,
  'evidence.environment': `'production'`,
  'evidence.indication': `'TOTAL-FAILED'`,
  'evidence.sub_indication': `'TRY_LATER'`,
  'authorisation.payment_mac': flipped('payment_mac'),
  'authorisation.payer_mac': flipped('payer_mac'),
  'authorisation.initiation': `replace(initiation, '1250.00', '9999.00')`,
  'consent.bound_payer_hash': flipped('bound_payer_hash'),
  'consent.consume_request_hash': flipped('consume_request_hash'),
  'consent.initiation': `jsonb_set(initiation, '{instructedAmount,amount}', '"9999.00"')`,
  'consent.debtor_account': `'{"iban":"SE4550000000058398257466"}'`,
};

let steps: BankSteps;
let consentId: string;
beforeAll(async () => {
  steps = await BankSteps.start();
  const entitled = await steps.entitled();
  ({ consentId } = entitled);
  expect((await steps.consume(entitled, steps.consumption(entitled, 'ref-1'))).status).toBe(200);
  expect((await steps.report(entitled, { execution: 'executed' })).status).toBe(200);
}, 60_000);
afterAll(() => steps.stop());

const database = (): BankSteps['payer']['world']['database'] => steps.payer.world.database;
const reverify = (): Promise<ReverificationSummary> =>
  steps.payer.world.system.app.get(Reverification).run(always, 'operator:eva');

/** The columns that are named, each as `table.column`, and `damaged` or `changed`. */
function namesOf({ changed, damaged, rows }: ReverificationSummary): readonly string[] {
  return [
    ...rows.differences.map(({ column }) => column),
    ...(changed.length > 0 ? ['changed'] : []),
    ...(damaged.length > 0 ? ['damaged'] : []),
  ];
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

async function columns(): Promise<readonly Column[]> {
  return (await database().asOwner(
    `select table_name as "table", column_name as name, coalesce(domain_name, udt_name) as type
       from information_schema.columns where table_schema = 'public' and table_name = any($1)
      order by 1, ordinal_position`,
    [Object.keys(reverifiedColumns)],
  )) as unknown as readonly Column[];
}

/** Alters one column with every rule of its table off, runs, and puts the row back. */
async function altered<T>({ table, name, type }: Column, run: () => Promise<T>): Promise<T> {
  const key = keys[table] ?? 'consent_id';
  const value = values[`${table}.${name}`] ?? otherValues[type] ?? 'null';
  const rules = (await database().asOwner(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = $1::regclass and contype in ('c', 'f')`,
    [table],
  )) as { name: string; definition: string }[];
  await database().asOwner(`create table before_it as select * from ${table} where ${key} = '${consentId}'`);
  for (const rule of rules) await database().asOwner(`alter table ${table} drop constraint ${rule.name}`);
  try {
    expect(
      await tamper(database(), table, `update ${table} set ${name} = ${value} where ${key} = $1`, [consentId]),
    ).toBe(1);
    return await run();
  } finally {
    const identity = table === 'access_token' ? 'true' : 'false';
    await tamper(database(), table, `delete from ${table} where ${identity} or ${key} = any($1)`, [
      name === key ? (await database().asOwner(`select ${key} from ${table}`)).map((row) => row[key]) : [consentId],
    ]);
    const generated = `select string_agg(column_name, ', ') as list from information_schema.columns
                        where table_name = $1 and is_generated = 'NEVER'`;
    const [row] = await database().asOwner(generated, [table]);
    const list = String(row?.['list']);
    await tamper(database(), table, `insert into ${table} (${list}) select ${list} from before_it`);
    for (const rule of rules)
      await database().asOwner(`alter table ${table} add constraint ${rule.name} ${rule.definition}`);
    await database().asOwner('drop table before_it');
  }
}

describe('reverify', () => {
  it('finds nothing where nothing was altered', async () => {
    const summary = await reverify();
    expect(summary).toMatchObject({ verified: 1, rows: { compared: 1, differences: [] }, audit: { findings: [] } });
    expect(namesOf(summary)).toEqual([]);
  });

  it('has a word on each column of consent, authorisation, token and evidence, and on no other', async () => {
    const known = Object.entries(reverifiedColumns).flatMap(([table, row]) =>
      Object.keys(row).map((name) => `${table}.${name}`),
    );
    expect((await columns()).map(({ table, name }) => `${table}.${name}`).sort()).toEqual(known.sort());
  });

  it.each(Object.keys(reverifiedColumns))(
    'names each altered column of %s, one by one',
    async (table) => {
      const found: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const column of (await columns()).filter((one) => one.table === table)) {
        const what = reverifiedColumns[table]?.[column.name];
        if (!what || 'unseen' in what) continue;
        const named = await altered(column, async () => namesOf(await reverify()));
        found[column.name] = named.includes(what.names) ? what.names : named;
        expected[column.name] = what.names;
      }
      expect(found).toEqual(expected);
      expect(namesOf(await reverify())).toEqual([]);
    },
    180_000,
  );
});

describe('reverify of other consents', () => {
  const namedFor = async (id: string): Promise<readonly string[]> =>
    (await reverify()).rows.differences
      .filter((difference) => difference.consentId === id)
      .map(({ column, problem }) => `${column} ${problem}`);
  const change = (table: string, sql: string, ...params: readonly unknown[]): Promise<number> =>
    tamper(database(), table, sql, params);

  it('names none however a consent went: waiting, declined, refused, expired, revoked, unbound, with an account added', async () => {
    const { payer } = steps;
    const declined = await payer.open();
    await declined.browser.post(`${declined.browser.interactionPath}/decline`);
    const refused = await payer.open(undefined, { login_hint: `personnummer:${anna}` });
    await payer.signSpoilt(refused, { personalNumber: bo }, 'signature');
    const revoked = await steps.entitled();
    expect((await steps.revoke(revoked, steps.parties.tpp)).status).toBe(204);
    const unbound = await payer.paid();
    const opened = { consentId: unbound.pushed.consentId, token: unbound.token };
    const account = { iban: 'SE4550000000058398257466' };
    const use = steps.consumption(opened, 'ref-open', { payment: { ...payment, debtorAccount: account } });
    expect((await steps.consume(opened, use)).status).toBe(200);
    const signed = await steps.entitled();
    const waiting = await payer.open();
    expect((await reverify()).rows.differences).toEqual([]);
    payer.world.clock.advance(15 * 60_000 + 1000);
    for (const id of [waiting.pushed.consentId, signed.consentId]) await payer.waitForState(id, 'expired');
    const { rows, audit } = await reverify();
    expect({ differences: rows.differences, findings: audit.findings }).toEqual({ differences: [], findings: [] });

    await change('consent', `update consent set reason = 'bank' where id = $1`, revoked.consentId);
    await change(
      'consent',
      `update consent set ended_at = ended_at + interval '1 hour' where id = $1`,
      signed.consentId,
    );
    await change('consent', `update consent set debtor_account = $2 where id = $1`, opened.consentId, {
      iban: 'SE3550000000054910000003',
    });
    expect(await namedFor(revoked.consentId)).toEqual(['consent.reason differs']);
    expect(await namedFor(signed.consentId)).toEqual(['consent.ended_at differs']);
    expect(await namedFor(opened.consentId)).toEqual(['consent.consume_request_hash differs']);
  });

  it('names rows that are gone, and a consent that was never signed', async () => {
    const [unsigned, unproven] = [await steps.entitled(), await steps.entitled()];
    await change('authorisation', 'delete from authorisation where consent_id = $1', unsigned.consentId);
    await change('evidence', 'delete from evidence where consent_id = $1', unproven.consentId);
    expect(await namedFor(unsigned.consentId)).toEqual([
      'authorisation.consent_id missing',
      'access_token.consent_id differs',
    ]);
    expect(await namedFor(unproven.consentId)).toEqual(['authorisation.evidence_id missing']);
    const waiting = (await steps.payer.open()).pushed.consentId;
    await change('consent', `update consent set state = 'authorised', authorised_at = now() where id = $1`, waiting);
    expect(await namedFor(waiting)).toEqual(['authorisation.consent_id missing']);
  });

  it('still sees another payment when the evidence was erased, by the MAC of what was signed', async () => {
    const { consentId: erased } = await steps.entitled();
    await database().asOwner(`delete from data_key where subject like '%' || $1`, [erased]);
    expect(await namedFor(erased)).toEqual([]);
    await change(
      'consent',
      `update consent set initiation = jsonb_set(initiation, '{instructedAmount,amount}', '"9.00"') where id = $1`,
      erased,
    );
    expect(await namedFor(erased)).toEqual(['consent.initiation differs']);
    await change(
      'authorisation',
      `update authorisation set initiation = replace(initiation, '1250', '9999') where consent_id = $1`,
      erased,
    );
    expect(await namedFor(erased)).toEqual(['authorisation.payment_mac differs']);
  });

  it('names a data key that was altered, or whose own key is gone, and compares the other consents', async () => {
    const [spoilt, orphaned, other] = [await steps.entitled(), await steps.entitled(), await steps.entitled()];
    const spoil = `update data_key set wrapped = substring(wrapped for 12) || sha256(wrapped) || substring(wrapped from 45)
                    where subject like '%' || $1`;
    await change('data_key', spoil, spoilt.consentId);
    await change('data_key', `update data_key set kek_id = 'k9' where subject like '%' || $1`, orphaned.consentId);
    await change('consent', `update consent set tpp_name = 'Annan AB', bank_name = 'B' where id = $1`, other.consentId);
    expect(await namedFor(spoilt.consentId)).toEqual(['data_key.wrapped differs']);
    expect(await namedFor(orphaned.consentId)).toEqual(['data_key.wrapped key-missing']);
    expect(await namedFor(other.consentId)).toEqual(['consent.bank_name differs', 'consent.tpp_name differs']);
  });

  it('says of a MAC whose key is gone that the key is missing, never that the row differs', async () => {
    const { app } = steps.payer.world.system;
    const { evidenceKeys, subjectKeys } = app.get<AppConfig>(CONFIG);
    const renewed = { current: 'k2', keys: new Map([['k2', new Secret<Uint8Array>(randomBytes(32))]]) };
    const envelope = new Envelope(evidenceKeys, renewed, subjectKeys);
    const { consentId: signed } = await steps.entitled();
    const rows = new StoredRows(app.get(Database), envelope, app.get(EvidenceStore), app.get(AuditTrail));
    const { differences } = await rows.compare(always);
    expect(differences.filter((difference) => difference.consentId === signed)).toEqual(
      ['consent.bound_payer_hash', 'authorisation.payment_mac', 'authorisation.payer_mac'].map((column) => ({
        consentId: signed,
        column,
        problem: 'key-missing',
      })),
    );
  });

  it('names none of a consent that takes one step while it reads, and another while it reads again', async () => {
    const { app } = steps.payer.world.system;
    const inHand = await steps.payer.open(undefined, { login_hint: `personnummer:${anna}` });
    await steps.payer.sign(inHand);
    const { consentId: moving } = inHand.pushed;
    const [evidence] = await database().asOwner('select id from evidence where consent_id = $1', [moving]);
    const store = app.get(EvidenceStore);
    const tokens: string[] = [];
    const getEvidence: EvidenceStore['getEvidence'] = async (id, bank) => {
      const entitled = { consentId: moving, token: tokens[0] ?? '' };
      if (id === evidence?.['id'])
        if (tokens.length === 0) tokens.push(await steps.payer.token(inHand));
        else expect((await steps.consume(entitled, steps.consumption(entitled, 'ref-moving'))).status).toBe(200);
      return store.getEvidence(id, bank);
    };
    const watched = Object.assign(Object.create(store) as EvidenceStore, { getEvidence });
    const rows = new StoredRows(app.get(Database), app.get(Envelope), watched, app.get(AuditTrail));
    const { differences } = await rows.compare(always);
    expect((await steps.payer.consent(moving))['state']).toBe('consumed');
    expect(differences.filter((difference) => difference.consentId === moving)).toEqual([]);
  });

  it('names none of consents that move on while it reads', async () => {
    const before = (await reverify()).rows.differences;
    const state = { isOver: false };
    const payments = (async () => {
      for (let n = 1; n <= 6; n += 1) {
        const entitled = await steps.entitled();
        expect((await steps.consume(entitled, steps.consumption(entitled, `busy-${n}`))).status).toBe(200);
      }
    })().finally(() => (state.isOver = true));
    while (!state.isOver) expect((await reverify()).rows.differences).toEqual(before);
    await payments;
    expect((await reverify()).rows.differences).toEqual(before);
  });
});
