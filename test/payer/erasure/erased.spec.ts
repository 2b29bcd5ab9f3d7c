import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { findChainFaults } from '../../../src/audit/check-chain.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { Holds } from '../../../src/rights/holds.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { KeyRings } from '../../../src/vault/key-rings.ts';
import { personHashes } from '../../../src/vault/person-hash.ts';
import type { CommandEnd } from '../../support/commands/built-command.ts';
import { runOperatorCommand } from '../../support/commands/operator-command.ts';
import { approve, carryOut, eraseDue, releaseHold } from '../../support/database/erase.ts';
import { tamper } from '../../support/database/tamper.ts';
import { eventually } from '../../support/eventually.ts';
import { LoginSteps } from '../../support/login/login-steps.ts';
import { anna, bo, payment, type SignedPayment } from '../../support/system/system.ts';

const account = 'SE4550000000058398257466';
const message = 'Hyra november lägenhet 1204';
const creditorName = 'Hyresvärden Åkesson';
const initiation: typeof payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '8400.00' },
  creditorName,
  creditorAccount: { bankgiro: '5050-1055' },
  debtorAccount: { iban: account },
  remittanceInformationUnstructured: message,
};

let steps: LoginSteps;

beforeAll(async () => {
  steps = await LoginSteps.start();
}, 120_000);
afterAll(() => steps.stop());

const pay = async (personalNumber: string, paymentReference: string): Promise<SignedPayment> => {
  const signed = await steps.world.signedPayment(initiation, { personalNumber });
  const { accessToken, consentId } = signed.token;
  const use = { accessToken, payment: initiation, personalNumber, paymentReference };
  const consumed = await steps.world.bank.consume(consentId, use);
  expect([consumed.status, consumed.body]).toMatchObject([200, {}]);
  return signed;
};
const subjectOf = ({ token: { consentId } }: SignedPayment): Promise<string> =>
  steps.database
    .asOwner('select subject from evidence where consent_id = $1', [consentId])
    .then(([row]) => String(row?.['subject']));
/** As if the retention of evidence had ended. */
const end = async (subject: string): Promise<void> => {
  for (const table of ['evidence', 'identification'])
    await tamper(
      steps.database,
      table,
      `update ${table} set retention_ends_at = now() - interval '1 s'
        where subject = $1`,
      [subject],
    );
};
const erase = (): Promise<string[]> => eraseDue(steps.database);

/** Every row of every table, as text: bytes in hexadecimal. */
async function dump(): Promise<string> {
  const tables = await steps.database.asOwner(
    `select format('%I', relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  expect(tables.length).toBeGreaterThan(30);
  const dumped = [];
  for (const { name } of tables)
    dumped.push(JSON.stringify(await steps.database.asOwner(`select t::text from ${String(name)} t`)));
  return dumped.join('\n');
}

describe('a person whose payment and login were erased', () => {
  it('is found nowhere in the database: neither number, name, account and message, nor a hash of them', async () => {
    const mine = await pay(anna, 'hyra-2026-11-anna');
    const login = await steps.authenticated('qr', { person: anna as never, nonce: 'nonce-of-anna' });
    const subject = await subjectOf(mine);
    const rows = await steps.database.asOwner(
      `select a.payer_subject as sub, encode(a.payer_mac, 'hex') as payer_mac, encode(a.payment_mac, 'hex') as payment_mac,
              encode(c.consume_request_hash, 'hex') as request, n.subject as login_sub, encode(n.mac, 'hex') as login_mac
         from authorisation a join consent c on c.id = a.consent_id cross join authentication n where c.id = $1`,
      [mine.token.consentId],
    );
    const hashes = personHashes(steps.get(Envelope), anna).map((hash) => hash.toString('hex'));
    const open = [account, message, creditorName, 'hyra-2026-11-anna', 'nonce-of-anna', ...hashes];
    const traces = [...open, ...Object.values(rows[0] ?? {}).map(String)];
    const sealed = [anna, Buffer.from(anna).toString('hex'), Buffer.from(anna).toString('base64').slice(0, 16), 'Anna'];

    const before = await dump();
    expect(traces.filter((trace) => !before.includes(trace))).toEqual([]);
    expect(sealed.filter((value) => before.includes(value))).toEqual([]);

    for (const one of [subject, login.subject]) await end(one);
    expect((await erase()).sort()).toEqual([subject, login.subject].sort());
    const after = await dump();
    // Its rows name no look-up key any more, and those that other rows name are still found.
    await steps.get(KeyRings).check();
    expect([...traces, ...sealed].filter((trace) => after.includes(trace))).toEqual([]);
  });

  it('leaves number, digest, state, times and an unbroken chain of events', async () => {
    const [row] = await steps.database.asOwner(
      `select c.state, c.execution, c.bank, c.id, e.digest = a.evidence_digest as digest, a.signed_at is not null as signed
         from erasure r join consent c on c.id = r.id join authorisation a on a.consent_id = c.id
         join evidence e on e.id = a.evidence_id`,
    );
    expect(row).toMatchObject({ state: 'consumed', execution: 'pending', digest: true, signed: true });
    const events = await steps
      .get(AuditTrail)
      .listEvents(consentSubject(String(row?.['bank']), String(row?.['id']) as never));
    expect(findChainFaults(events)).toEqual([]);
    expect(events.at(-1)?.event).toContain('"evidence.erased"');
  });

  it('is not there any more for the bank, and another person is', async () => {
    const [erased] = await steps.database.asOwner("select id from erasure where subject like 'consent:%'");
    expect(erased).toBeDefined();
    const { bank } = steps.world;
    expect((await bank.getConsent(String(erased?.['id']))).status).toBe(404);
    const other = await pay(bo, 'hyra-2026-11-bo');
    expect((await bank.getConsent(other.token.consentId)).status).toBe(200);
  });

  it('is not erased while a hold is being placed: the eraser waits for it', async () => {
    const held = await pay(anna, 'hyra-2026-12-anna');
    const subject = await subjectOf(held);
    await end(subject);
    const holder = new pg.Client({ connectionString: steps.database.ownerUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query(
      `insert into legal_hold (id, action, covers, subject, case_reference, review_on, actor)
       values (gen_random_uuid(), 'placed', 'subject', $1, 'T-1/26', '2027-06-30', 'operator:test')`,
      [subject],
    );
    const erased = erase();
    await eventually(async () => {
      const waiting = await steps.database.asOwner(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
      );
      return waiting.length > 0 ? true : undefined;
    });
    await holder.query('commit');
    await holder.end();
    expect(await erased).toEqual([]);
    expect((await steps.world.bank.getConsent(held.token.consentId)).status).toBe(200);
  });
});

describe('a hold', () => {
  const sigill = (words: string, env = {}, input = ''): Promise<CommandEnd> =>
    runOperatorCommand(steps.world, words.split(' '), env, input);
  const because = '--case T-2/26 --review 2027-06-30';

  it.each([
    ['a person, whose number is read from standard input', () => '--person', anna],
    ['a TPP', () => `--tpp ${steps.world.system.clients.tpp.id}`, ''],
    ['a period', () => '--from 2020-01-01 --to 2100-01-01', ''],
    ['a person at one bank', () => `--person --bank ${steps.world.system.clients.bank.id}`, `${anna}\n`],
  ])('on %s keeps what comes under it from being erased, until it is released', async (_, covered, input) => {
    const placed = await sigill(`hold place ${covered()} ${because}`, {}, input);
    expect(placed).toMatchObject({ code: 0, stderr: '' });
    const id = placed.stdout.trim();
    const paid = await pay(anna, `hold-${id}`);
    const subject = await subjectOf(paid);
    await end(subject);
    expect(await erase()).not.toContain(subject);
    const ended = (await steps.get(Holds).listEnded()).find((one) => one.subject === subject);
    expect(ended?.holds).toContain(id);
    await releaseHold(steps.database, id);
    expect(await erase()).toContain(subject);
    expect(await steps.database.asOwner("select 1 from person_trace where subject = 'hold:' || $1", [id])).toEqual([]);
  });

  it('is listed with what it keeps, and its release waits for the decision of a second person', async () => {
    const { consentId } = (await pay(anna, 'listed')).token;
    const subject = consentSubject(steps.world.system.clients.bank.id, consentId as never);
    const id = (await sigill(`hold place --consent ${consentId} ${because}`)).stdout.trim();
    await end(subject);
    expect((await sigill('retention held')).stdout).toMatch(new RegExp(`^${subject}  ended .*  held by .*${id}`, 'm'));
    expect((await sigill('retention due')).stdout).not.toContain(subject);
    expect((await sigill('hold list')).stdout).toMatch(new RegExp(`^${id}  .*  case T-2/26  review 2027-06-30`, 'm'));
    const asked = await sigill(`hold release ${id} --case T-2/26 --json`);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    const { request } = JSON.parse(asked.stdout) as { readonly request: string };
    await expect(carryOut(steps.database, request)).rejects.toThrow('two persons ask for it');
    await approve(steps.database, request);
    await carryOut(steps.database, request);
    expect((await sigill('hold list')).stdout).not.toContain(id);
    expect(await erase()).toContain(subject);
  });

  it('is seen in the list of holds, when the day of its review has come', async () => {
    const { consentId } = (await pay(anna, 'reviewed')).token;
    const holds = steps.get(Holds);
    const placed: string[] = [];
    for (const review of ['2020-01-01', '2090-01-01'])
      placed.push(await holds.place({ consent: consentId, case: `T-${review.slice(0, 4)}`, review }, 'operator:test'));
    const listed = (await holds.list()).filter(({ subject }) => subject?.endsWith(consentId));
    expect(listed.map(({ reviewOn, isReviewDue }) => [reviewOn, isReviewDue])).toEqual([
      ['2020-01-01', true],
      ['2090-01-01', false],
    ]);
    expect((await sigill('hold list')).stdout).toMatch(/case T-2020 {2}review 2020-01-01 \(due\)/);
    for (const id of placed) await releaseHold(steps.database, id);
  });

  it('on one person does not keep another', async () => {
    const id = await steps.get(Holds).place({ person: bo, case: 'T-3/26', review: '2027-06-30' }, 'operator:test');
    const subject = await subjectOf(await pay(anna, 'not-held'));
    await end(subject);
    expect(await erase()).toContain(subject);
    await releaseHold(steps.database, id);
  });

  it('on a person keeps what it cannot compare, because the look-up key is another one', async () => {
    const id = await steps.get(Holds).place({ person: bo, case: 'T-4/26', review: '2027-06-30' }, 'operator:test');
    const subject = await subjectOf(await pay(anna, 'of-another-key'));
    await end(subject);
    const other = `update person_trace set value = '\\x026b39' || substring(value from 4) where subject = $1`;
    await tamper(steps.database, 'person_trace', other, [subject]);
    expect(await erase()).not.toContain(subject);
    await releaseHold(steps.database, id);
    expect(await erase()).toContain(subject);
  });

  const good = { case: 'T-1', review: '2027-06-30' };
  it.each([
    [{ ...good }, 'a hold is on one of'],
    [{ ...good, person: '' }, 'no personal number'],
    [{ ...good, tpp: 'nobody' }, '--tpp names no registered client'],
    [{ ...good, from: '2026-11-01', to: '2026-10-01' }, 'from'],
    [{ ...good, tpp: 'exempelbetal', case: 'a_b' }, '--case is'],
    [{ ...good, tpp: 'exempelbetal', review: '2027-02-30' }, '--review is a day'],
    [{ ...good, consent: '0d32e21c-1e3e-480a-9815-4920330bbe73' }, 'there is no such consent'],
  ])('on %j is refused with a sentence', async (words, sentence) => {
    await expect(steps.get(Holds).place(words, 'operator:test')).rejects.toThrow(sentence);
  });

  it.each([
    ['hold place --case T-1 --review 2027-06-30', 'a hold is on one of'],
    [`hold release ${randomUUID()} --case T-1`, 'there is no such hold'],
  ])('is refused by `sigill %s` with an exit code and a sentence', async (words, sentence) => {
    const ended = await sigill(words);
    expect([ended.code, ended.stdout]).toEqual([64, '']);
    expect(ended.stderr).toContain(sentence);
  });
});

describe('the owner of the database', () => {
  const asOwner = (sql: string, ...params: unknown[]) => steps.database.asOwner(sql, params);

  it('cannot clear what points to a person before the data key is gone, nor say that it is', async () => {
    const { token } = await pay(bo, 'hyra-2026-12-bo');
    const id = token.consentId;
    for (const sql of [
      'update consent set initiation = null where id = $1',
      'update authorisation set payer_subject = null where consent_id = $1',
      'update signing_attempt set bound_payer_hash = null where consent_id = $1',
      "delete from person_trace where subject like '%' || $1",
      'insert into erasure (subject, id) select subject, $1::uuid from evidence where consent_id = $1::uuid',
    ]) {
      await expect(asOwner(sql, id)).rejects.toThrow(/never changes|stays until|is not erased/);
    }
  });

  it('cannot release a hold that two persons have not released', async () => {
    const id = await steps.get(Holds).place({ person: bo, case: 'T-5/26', review: '2027-06-30' }, 'operator:test');
    const sql = `insert into legal_hold (id, action, case_reference, actor) values ($1, 'released', 'T-5', 'owner')`;
    await expect(asOwner(sql, id)).rejects.toThrow('two persons release a hold');
    await releaseHold(steps.database, id);
  });

  it('cannot put another value in its place, nor a new data key, once it was erased', async () => {
    const id = String((await asOwner("select id from erasure where subject like 'consent:%'"))[0]?.['id']);
    for (const sql of [
      `update consent set initiation = '{}' where id = $1`,
      `update authorisation set payer_subject = 'another' where consent_id = $1`,
      `update consent set initiation = null, tpp_name = 'another' where id = $1`,
      `insert into data_key (key_id, subject, kek_id, wrapped)
       select gen_random_uuid(), subject, 'k1', '\\x00' from erasure where id = $1`,
      'delete from erasure where id = $1',
    ]) {
      await expect(asOwner(sql, id)).rejects.toThrow(/never changes|gets no data key|append-only/);
    }
  });
});
