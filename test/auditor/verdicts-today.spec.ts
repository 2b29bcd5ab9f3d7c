import { AuditTrail } from '../../src/audit/audit-trail.ts';
import { Reverification } from '../../src/compliance/reverification.ts';
import { payment, TestSystem } from '../support/system/system.ts';
import { withoutRandomHex } from '../support/random-hex.ts';

const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') };

describe("today's verifier over what was stored", () => {
  let test: TestSystem;
  let consentId: string;
  beforeAll(async () => {
    test = await TestSystem.start();
    consentId = (await test.signedPayment(payment)).token.consentId;
    await test.signedPayment(payment, {});
  }, 120_000);
  afterAll(() => test.stop());

  const run = (period = always) => test.system.app.get(Reverification).run(period, 'operator:eva');

  /** What only the owner of the database may do, and not unnoticed. */
  async function tamper(table: string, sql: string, values: readonly unknown[]): Promise<void> {
    await test.database.asOwner(`alter table ${table} disable trigger user`);
    await test.database.asOwner(sql, [...values]);
    await test.database.asOwner(`alter table ${table} enable always trigger ${table}_is_append_only`);
  }

  it('finds every verdict as it was, of a bound payer and of an unbound one', async () => {
    const summary = await run();
    expect(summary).toMatchObject({ verified: 2, erased: 0, changed: [], damaged: [], withoutEvidence: [] });
    expect(summary.audit).toMatchObject({ consents: 2, findings: [] });
    expect((await run({ from: always.from, to: new Date('2001-01-01') })).verified).toBe(0);
  });

  it('is written down, without a word about any person', async () => {
    await run();
    const [row] = await test.database.asOwner(
      "select subject from audit_event where subject like 'reverification:%' order by seq desc limit 1",
    );
    const [event] = await test.system.app.get(AuditTrail).listEvents(String(row?.['subject']));
    expect(JSON.parse(event!.event)).toMatchObject({ type: 'evidence.reverified', actor: 'operator:eva' });
  });

  it('lists what has another verdict now', async () => {
    await tamper(
      'evidence',
      "update evidence set kind = 'refused', indication = 'INDETERMINATE', sub_indication = 'TRY_LATER' where consent_id = $1",
      [consentId],
    );
    const { changed } = await run();
    expect(changed).toMatchObject([{ consentId, kind: 'refused', was: 'INDETERMINATE/TRY_LATER', is: 'TOTAL-PASSED' }]);
    expect(withoutRandomHex(JSON.stringify(changed))).not.toMatch(/1990|Anna/);
  });

  it('tells what was damaged, and verifies the others', async () => {
    await tamper('evidence', "update evidence set digest = decode(repeat('00', 32), 'hex') where consent_id = $1", [
      consentId,
    ]);
    const altered = 'cannot be opened, or is not what its digest commits to';
    const first = await run();
    expect(first.verified).toBe(1);
    expect(first.damaged.map(({ reason }) => reason)).toEqual([altered]);
    // Signature and OCSP response are in BankID's answer alone.
    await tamper('bankid_answer', "update bankid_answer set answer_sealed = '\\x00'", []);
    const { verified, damaged } = await run();
    expect(verified).toBe(0);
    expect(damaged.map(({ reason }) => reason)).toEqual([altered, altered]);
  });
});
