import pg from 'pg';
import { AuditTrail } from '../../src/audit/audit-trail.ts';
import { findChainFaults } from '../../src/audit/check-chain.ts';
import { createTestDatabase, unlisted, type TestDatabase } from '../support/database/database.ts';

const at = new Date('2026-11-22T10:00:00.000Z');
const event = (n: number) => ({ type: 'test.happened', at, actor: 'service', detail: { n } });

describe('the audit trail', () => {
  let db: TestDatabase;
  let trail: AuditTrail;
  beforeAll(async () => {
    db = await createTestDatabase();
    trail = new AuditTrail(db.database);
  });
  afterAll(() => db.close());

  it('links what it appends', async () => {
    await db.database.inTransaction(async (tx) => {
      await trail.appendEvent(tx, 'linked', { ...event(1), detail: { text: 'å "quoted" \\ €' } });
      await trail.appendEvent(tx, 'linked', event(2));
    });
    await trail.appendStandalone('linked', event(3));
    const events = await trail.listEvents('linked');
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(findChainFaults(events)).toEqual([]);
    expect(JSON.parse(events[0]!.event)).toEqual({
      type: 'test.happened',
      at: at.toISOString(),
      actor: 'service',
      detail: { text: 'å "quoted" \\ €' },
    });
  });

  it('links each subject by itself, also one that is not ASCII', async () => {
    for (const subject of ['consent:b:1', 'consent:b:2', 'consent:b:1', 'caller:å', 'consent:b:1'])
      await trail.appendStandalone(subject, { ...event(1), detail: { text: 'å "quoted"' } });
    const chains = await Promise.all(['caller:å', 'consent:b:1', 'consent:b:2'].map((one) => trail.listEvents(one)));
    expect(findChainFaults(chains.flat())).toEqual([]);
    expect(chains.flat().map(({ subject, seq }) => `${subject} ${seq}`)).toEqual([
      'caller:å 1',
      ...[1, 2, 3].map((seq) => `consent:b:1 ${seq}`),
      'consent:b:2 1',
    ]);
  });

  it('keeps nothing of a transaction that rolls back', async () => {
    const failing = db.database.inTransaction(async (tx) => {
      await trail.appendEvent(tx, 'rolled-back', event(1));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await trail.listEvents('rolled-back')).toEqual([]);
  });

  it('gives fifty writers of one chain fifty places, without a gap', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 2 === 0
          ? trail.appendStandalone('busy', event(n))
          : db.database.inTransaction((tx) => trail.appendEvent(tx, 'busy', event(n))),
      ),
    );
    const events = await trail.listEvents('busy');
    expect(events).toHaveLength(50);
    expect(findChainFaults(events)).toEqual([]);
  });

  it('lets writers of many chains at once pass each other in any order, beside writers of one', async () => {
    const subjects = Array.from({ length: 40 }, (_, n) => `many:${n}`);
    const round = (n: number) => new Map(subjects.map((subject) => [subject, event(n)]));
    const backwards = (n: number) => new Map([...round(n)].reverse());
    await Promise.all([
      ...[1, 2, 3, 4].map((n) => trail.appendEvents(db.database, n % 2 === 0 ? round(n) : backwards(n))),
      ...[5, 6].map((n) => db.database.inTransaction((tx) => trail.appendEvents(tx, backwards(n)))),
      ...subjects.map((subject) => trail.appendStandalone(subject, event(7))),
    ]);
    const chains = await Promise.all(subjects.map((subject) => trail.listEvents(subject)));
    expect(chains.map(({ length }) => length)).toEqual(subjects.map(() => 7));
    expect(findChainFaults(chains.flat())).toEqual([]);
  });

  it('keeps nothing of many chains where one of them takes no event', async () => {
    const one = new Map([
      ...['all-1', 'all-2'].map((subject) => [subject, event(1)] as const),
      ['', event(1)] as const,
    ]);
    await expect(trail.appendEvents(db.database, one)).rejects.toThrow(/nonempty/);
    expect(await trail.listEvents('all-1')).toEqual([]);
  });

  it('refuses the service an update, a delete, a truncate, and a place of its own choice', async () => {
    await trail.appendStandalone('kept', event(1));
    for (const sql of [
      "update audit_event set event = '{}'",
      'delete from audit_event',
      'truncate audit_event',
      'insert into audit_event (subject, seq, event) values (\'kept\', 9, \'{"type":"x"}\')',
    ]) {
      await expect(db.database.query(unlisted(sql), [])).rejects.toThrow(/permission denied/);
    }
  });

  it('refuses even the owner, and even with triggers set to replica', async () => {
    await trail.appendStandalone('kept', event(2));
    for (const sql of ["update audit_event set event = '{}'", 'delete from audit_event', 'truncate audit_event']) {
      await expect(db.asOwner(sql)).rejects.toThrow(/append-only/);
    }
    const owner = new pg.Client({ connectionString: db.ownerUrl });
    await owner.connect();
    await owner.query('set session_replication_role = replica');
    await expect(owner.query('delete from audit_event')).rejects.toThrow(/append-only/);
    await owner.end();
  });

  it('shows what an owner did who took the triggers away', async () => {
    for (let n = 1; n <= 4; n += 1) await trail.appendStandalone('attacked', event(n));
    const faults = async () =>
      findChainFaults(await trail.listEvents('attacked')).map((one) => `${one.seq} ${one.fault}`);
    expect(await faults()).toEqual([]);
    await db.asOwner('alter table audit_event disable trigger all');
    await db.asOwner(
      "update audit_event set event = replace(event, '\"n\":2', '\"n\":9') where subject = 'attacked' and seq = 2",
    );
    expect(await faults()).toEqual(['2 edited']);
    await db.asOwner("delete from audit_event where subject = 'attacked' and seq = 2");
    expect(await faults()).toEqual(['2 missing']);
    for (const trigger of ['audit_event_link', 'audit_event_is_append_only']) {
      await db.asOwner(`alter table audit_event enable always trigger ${trigger}`);
    }
  });

  it('needs a type and a subject of every event', async () => {
    for (const [subject, text] of [
      ['', '{"type":"x"}'],
      ['one', '{}'],
      ['one', 'x'],
    ]) {
      await expect(
        db.database.query(unlisted('insert into audit_event (subject, event) values ($1, $2)'), [subject, text]),
      ).rejects.toThrow();
    }
  });
});
