import { AuditChains } from '../../../src/audit/audit-chains.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { AuditReading, type AuditFinding } from '../../../src/compliance/audit-reading.ts';
import { Database } from '../../../src/database/database.ts';
import { BankSteps, type Entitled } from '../../support/parties/bank-steps.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { tamper } from '../../support/database/tamper.ts';

describe('the owner of the database, with every lock off,', () => {
  let steps: BankSteps;
  let bank: string;
  let reading: AuditReading;
  let consumed: string;
  beforeAll(async () => {
    steps = await BankSteps.start();
    bank = steps.payer.world.system.clients.bank.id;
    reading = steps.payer.world.system.app.get(AuditReading);
    const entitled = await steps.entitled();
    expect((await steps.consume(entitled, steps.consumption(entitled, 'ref-1'))).status).toBe(200);
    expect((await steps.report(entitled, { execution: 'executed' })).status).toBe(200);
    consumed = entitled.consentId;
  }, 60_000);
  afterAll(() => steps.stop());

  const change = (table: string, sql: string, ...params: readonly unknown[]): Promise<number> =>
    tamper(steps.payer.world.database, table, sql, params);
  const cut = (consentId: string, type: string): Promise<number> =>
    change(
      'audit_event',
      `delete from audit_event e where e.subject like '%' || $1
          and seq >= (select min(seq) from audit_event f where f.subject = e.subject and f.type = $2)`,
      consentId,
      type,
    );
  const subjectOf = (consentId: string): string => `consent:${bank}:${consentId}`;

  async function findings(consentId: string): Promise<readonly string[]> {
    const found = (await reading.verify()).findings.filter(({ subject }) => subject.endsWith(consentId));
    const one = await reading.readConsent(consentId as never);
    expect(one?.findings).toEqual(found);
    return found.map(({ code, subject, seq, type }: AuditFinding) => {
      expect(subject).toBe(subjectOf(consentId));
      return [code, seq, type].filter((part) => part !== undefined).join(' ');
    });
  }

  it('cannot cut off the end of a chain before the events that the state of the consent presupposes', async () => {
    expect(await findings(consumed)).toEqual([]);
    const lost: string[] = [];
    for (const type of [
      'consent.execution-reported',
      'consent.consumed',
      'token.issued',
      'code.issued',
      'consent.authorised',
      'browser.bound',
      'consent.pushed',
    ]) {
      expect(await cut(consumed, type)).toBeGreaterThan(0);
      lost.push(type);
      expect([...(await findings(consumed))].sort()).toEqual(lost.map((one) => `event-missing ${one}`).sort());
    }
  });

  it('cannot hide how a consent ended', async () => {
    const revoked = await steps.entitled();
    await steps.revoke(revoked, steps.parties.tpp);
    const { pushed, browser } = await steps.payer.open();
    await browser.post(`${browser.interactionPath}/decline`);
    const waiting = await steps.payer.open();
    steps.payer.world.clock.advance(15 * 60_000 + 1000);
    await steps.payer.waitForState(waiting.pushed.consentId, 'expired');
    for (const [consentId, state] of [
      [revoked.consentId, 'revoked'],
      [pushed.consentId, 'rejected'],
      [waiting.pushed.consentId, 'expired'],
    ] as const) {
      expect(await findings(consentId)).toEqual([]);
      expect(await cut(consentId, `consent.${state}`)).toBeGreaterThan(0);
      expect(await findings(consentId)).toEqual([`event-missing consent.${state}`]);
    }
  });

  it('cannot set a consumed consent back to be consumed again', async () => {
    const entitled = await consume('ref-2');
    await change(
      'consent',
      `update consent set state = 'authorised', ended_at = null, execution = null, payment_reference = null,
              consume_request_hash = null, consume_answer = null where id = $1`,
      entitled.consentId,
    );
    expect(await findings(entitled.consentId)).toEqual(['event-unexpected consent.consumed']);
  });

  it('cannot take a consent away, or hand it to another bank', async () => {
    const [gone, moved] = [await steps.payer.open(), await steps.payer.open()].map(({ pushed }) => pushed.consentId);
    await change('consent', 'delete from consent where id = $1', gone);
    await change('consent', `update consent set bank = 'annanbank' where id = $1`, moved);
    const { findings: all } = await reading.verify();
    const orphaned = [gone, moved].map((consentId) => ({
      code: 'consent-missing',
      subject: subjectOf(consentId ?? ''),
    }));
    expect(all).toEqual(expect.arrayContaining(orphaned));
    expect(all).toContainEqual({
      code: 'event-missing',
      subject: `consent:annanbank:${moved}`,
      type: 'consent.pushed',
    });
  });

  it('cannot bring an erased data key back from a backup, or erase one in silence', async () => {
    const [erased, silent] = [await consume('ref-3'), await consume('ref-4')];
    const { database } = steps.payer.world;
    const [key] = await database.asOwner('select wrapped from data_key where subject = $1', [
      subjectOf(erased.consentId),
    ]);
    expect(key).toBeDefined();
    await database.asOwner('insert into audit_event (subject, event) values ($1, $2)', [
      subjectOf(erased.consentId),
      '{"type":"evidence.erased"}',
    ]);
    expect(await findings(erased.consentId)).toEqual(['event-unexpected evidence.erased']);
    await database.asOwner('delete from data_key where subject = any($1)', [
      [subjectOf(erased.consentId), subjectOf(silent.consentId)],
    ]);
    expect(await findings(erased.consentId)).toEqual([]);
    expect(await findings(silent.consentId)).toEqual(['event-missing evidence.erased']);
  });

  async function consume(reference: string): Promise<Entitled> {
    const entitled = await steps.entitled();
    expect((await steps.consume(entitled, steps.consumption(entitled, reference))).status).toBe(200);
    return entitled;
  }
});

describe('a long audit trail', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
    const event = `'{"type":"test.happened","detail":{"n":' || n || '}}'`;
    await db.asOwner(
      `insert into audit_event (subject, event) select 'long', ${event} from generate_series(1, 1700) n`,
    );
    await db.asOwner(
      `insert into audit_event (subject, event) select 'short:' || n, ${event} from generate_series(1, 450) n`,
    );
  });
  afterAll(() => db.close());

  /** The pool, which counts what is given at a time. */
  class CountingDatabase extends Database {
    most = 0;
    override async query(...call: Parameters<Database['query']>): ReturnType<Database['query']> {
      const result = await super.query(...call);
      this.most = Math.max(this.most, result.records.length);
      return result;
    }
  }

  it('is read a page at a time, from the first event to the last', async () => {
    const database = new CountingDatabase(db.source);
    expect(await new AuditChains(database).check()).toEqual({ chains: 451, events: 2150, faults: [] });
    expect(database.most).toBeLessThanOrEqual(500);
  });

  it('shows each broken link, wherever a page ends', async () => {
    await tamper(
      db,
      'audit_event',
      `update audit_event set event = '{"type":"x"}' where subject = 'long' and seq in (500, 501, 1700)`,
    );
    await tamper(db, 'audit_event', `delete from audit_event where subject = 'long' and seq = 1000`);
    await tamper(db, 'audit_event', `update audit_event set subject = 'short:x' where subject = 'short:200'`);
    const { faults } = await new AuditChains(new Database(db.source)).check();
    expect(faults.map(({ subject, seq, fault }) => `${subject} ${seq} ${fault}`)).toEqual([
      'long 500 edited',
      'long 501 edited',
      'long 1000 missing',
      'long 1700 edited',
      'short:x 1 edited',
    ]);
  });

  it('is not seen to lack the end of a chain that nothing else tells of: the threat model says so', async () => {
    const trail = new AuditTrail(db.database);
    await trail.appendStandalone('caller:bank', { type: 'test.happened', at: new Date(), actor: 'bank', detail: {} });
    await tamper(db, 'audit_event', `delete from audit_event where subject = 'caller:bank'`);
    const { faults } = await new AuditChains(new Database(db.source)).check();
    expect(faults.filter(({ subject }) => subject === 'caller:bank')).toEqual([]);
  });
});
