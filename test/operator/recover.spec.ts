import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FsckReport } from '../../src/ledger/ledger-fsck.ts';
import type { RecoverySummary } from '../../src/token/recovery.ts';
import type { CommandEnd } from '../support/commands/built-command.ts';
import { runOperatorCommand } from '../support/commands/operator-command.ts';
import { anna, payment, TestSystem, type SignedPayment } from '../support/system/system.ts';
import { BUNDLE_TYPE } from '../../src/bundle/container.ts';
import { eventually } from '../support/eventually.ts';
import { tamper } from '../support/database/tamper.ts';

let test: TestSystem;

beforeAll(async () => {
  test = await TestSystem.start();
});

afterAll(() => test.stop());

const recover = (...args: readonly string[]): Promise<CommandEnd> =>
  runOperatorCommand(test, ['recover', ...args, '--json']);

async function recoverSince(since: Date): Promise<RecoverySummary> {
  const { code, stdout, stderr } = await recover('--since', since.toISOString());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as RecoverySummary;
}

const consume = async ({ token }: SignedPayment, paymentReference: string): Promise<number> => {
  const use = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference };
  return (await test.bank.consume(token.consentId, use)).status;
};

/** The rows of a consumed payment as a backup from just before the consumption has them. */
async function setBack({ token: { consentId } }: SignedPayment): Promise<void> {
  await tamper(
    test.database,
    'consent',
    `update consent set state = 'authorised', ended_at = null, payment_reference = null, consume_request_hash = null,
            consume_answer = null, debtor_account = null, execution = null where id = $1`,
    [consentId],
  );
  await tamper(test.database, 'access_token', 'update access_token set revoked_at = null where consent_id = $1', [
    consentId,
  ]);
  await tamper(
    test.database,
    'audit_event',
    `delete from audit_event where subject like '%' || $1 and type = 'consent.consumed'`,
    [consentId],
  );
}

describe('sigill recover', () => {
  it('keeps a token that has paid from paying again in a database that was set back', async () => {
    const [paid, control] = [await test.signedPayment(), await test.signedPayment()];
    expect(await consume(paid, 'paid-1')).toBe(200);
    expect(await consume(control, 'control-1')).toBe(200);
    await setBack(control);
    // So it is without: what this command is for.
    expect(await consume(control, 'control-2')).toBe(200);
    await setBack(paid);
    await recoverSince(new Date());
    expect(await consume(paid, 'paid-2')).toBe(409);
    const [row] = await test.database.asOwner(
      'select c.state, t.revoked_at from consent c join access_token t on t.consent_id = c.id where c.id = $1',
      [paid.token.consentId],
    );
    expect(row).toEqual({ state: 'expired', revoked_at: expect.any(Date) as unknown });
  });

  it('ends what waits for its payer, what waits to be fetched and what can be consumed, counts it, and again finds nothing', async () => {
    await recoverSince(new Date());
    await test.push();
    const coded = await test.authorisedPayment();
    const returned = await coded.browser.finish();
    const live = await test.signedPayment();
    const since = new Date();
    const open = await test.push();
    const tokens = await test.database.asOwner(
      'select count(*)::int as living from access_token where revoked_at is null and issued_at < $1',
      [since],
    );
    expect(await recoverSince(since)).toEqual({
      since: since.toISOString(),
      consents: 3,
      codes: 1,
      logins: 0,
      tokens: tokens[0]?.['living'],
      ledger: [],
      erasures: { repeated: 0, open: 0 },
    });
    await expect(test.tpp.redeem(returned, coded.pushed)).rejects.toThrow();
    expect(await consume(live, 'live-1')).toBe(409);
    expect(await recoverSince(since)).toEqual({
      since: since.toISOString(),
      consents: 0,
      codes: 0,
      logins: 0,
      tokens: 0,
      ledger: [],
      erasures: { repeated: 0, open: 0 },
    });
    // What was pushed after is whole.
    const { browser, orderId } = await test.openInApp(open);
    await test.app.sign(orderId, { personalNumber: anna });
    await browser.waitFor('returning', 'authorised');
  });

  it('leaves an event for each consent, and one for itself, in an audit trail that is whole', async () => {
    await recoverSince(new Date());
    const live = await test.signedPayment();
    const since = new Date();
    await recoverSince(since);
    const [event] = await test.database.asOwner(
      `select event::jsonb as event from audit_event where subject like '%' || $1 and type = 'consent.expired'`,
      [live.token.consentId],
    );
    expect(event?.['event']).toMatchObject({
      actor: expect.stringMatching(/^operator:/) as unknown,
      detail: { reason: 'no-consumption', pushedBefore: since.toISOString() },
    });
    const runs = await test.database.asOwner(`select event::jsonb -> 'detail' as detail from audit_event
      where type = 'recovery.completed' order by event::jsonb ->> 'at' desc limit 1`);
    expect(runs[0]?.['detail']).toMatchObject({ since: since.toISOString(), consents: 1 });
    const audit = await runOperatorCommand(test, ['audit', live.token.consentId]);
    expect(audit).toMatchObject({ code: 0 });
  });

  it('leaves a ledger in which `sigill ledger` finds no fault that was not there', async () => {
    await test.signedPayment();
    const status = await runOperatorCommand(test, ['ledger', 'status', '--json']);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    const { logs } = JSON.parse(status.stdout) as { readonly logs: readonly object[] };
    expect(logs).toContainEqual(
      expect.objectContaining({ log: 'evidence', keys: [expect.stringContaining('/ledger/')] }),
    );
    expect((await runOperatorCommand(test, ['ledger', 'status'])).stdout).toMatch(/^ {2}origin {2}\S+\/ledger\/\S+$/m);
    const fsck = await runOperatorCommand(test, ['ledger', 'fsck', '--json']);
    const { faults } = JSON.parse(fsck.stdout) as FsckReport;
    // The tests above have taken events out of the audit trail, and those it names.
    expect(faults.filter(({ fault }) => !fault.startsWith('audit-event-'))).toEqual([]);
    expect(fsck.code).toBe(faults.length === 0 ? 0 : 1);
    expect((await runOperatorCommand(test, ['ledger', 'fsck'])).stdout).toMatch(/, evidence: [1-9][0-9]* leaves$/m);
  });

  it('brings evidence back to its lost number, from the file that the bank kept, and from no other', async () => {
    const paid = [await test.signedPayment(), await test.signedPayment()];
    const folder = mkdtempSync(join(tmpdir(), 'sigill-return-'));
    const fileOf = async ({ token: { consentId } }: SignedPayment, type: string): Promise<string> => {
      const file = join(folder, `${consentId}.${type.slice(-3)}`);
      const answer = await eventually(async () => {
        const got = await test.bank.fetchEvidence(consentId, 'dispute', type);
        return got.status === 200 ? got : undefined;
      });
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      return file;
    };
    const [zip, bundle] = [await fileOf(paid[0]!, 'application/zip'), await fileOf(paid[1]!, BUNDLE_TYPE)];
    const back = (file: string): Promise<CommandEnd> => runOperatorCommand(test, ['ledger', 'return', file]);
    expect(await back(zip)).toMatchObject({ code: 65, stdout: '' });
    const note = join(folder, 'note.txt');
    writeFileSync(note, 'no evidence');
    const refusal = expect.stringContaining(`${note}: not evidence as it was handed out`) as unknown;
    expect(await back(note)).toMatchObject({ code: 65, stdout: '', stderr: refusal });
    for (const { token } of paid) {
      const [row] = await test.database.asOwner('select id from evidence where consent_id = $1', [token.consentId]);
      const lose = `update ledger_leaf set kind = 'lost', evidence_id = null where evidence_id = $1`;
      expect(await tamper(test.database, 'ledger_leaf', lose, [row?.['id']])).toBe(1);
      await tamper(test.database, 'evidence', 'delete from evidence where id = $1', [row?.['id']]);
    }
    for (const file of [zip, bundle]) {
      const { code, stdout } = await back(file);
      expect(code).toBe(0);
      const [, number = '', bank = ''] = /number (\d+) of (\S+), /.exec(stdout) ?? [];
      const out = join(folder, `${number}.out`);
      const words = ['ledger', 'returned', bank, number, '--purpose', 'dispute 17', '--out', out];
      expect(await runOperatorCommand(test, words)).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(out).equals(readFileSync(file))).toBe(true);
    }
    expect(await back(zip)).toMatchObject({ code: 65 });
    const events = await test.database.asOwner(
      `select type from audit_event where subject like 'return:%' order by type`,
    );
    const twice = (type: string): readonly string[] => [type, type];
    expect(events.map(({ type }) => type)).toEqual([...twice('evidence.exported'), ...twice('evidence.returned')]);
    rmSync(folder, { recursive: true });
  });

  it('takes no moment that has not come, and nothing that is none', async () => {
    const live = await test.signedPayment();
    for (const since of [new Date(Date.now() + 60_000).toISOString(), '2026-02-30T00:00:00Z', 'yesterday']) {
      expect(await recover('--since', since)).toMatchObject({ code: 64, stdout: '' });
    }
    expect(await consume(live, 'live-2')).toBe(200);
  });
});
