import pg from 'pg';
import { findChainFaults } from '../../../src/audit/check-chain.ts';
import { Holds } from '../../../src/rights/holds.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { unlisted } from '../../support/database/database.ts';
import { eraseDue, releaseHold } from '../../support/database/erase.ts';

describe('the eraser', () => {
  let steps: EvidenceSteps;
  let eraser: pg.Client;
  const long = new Date('2017-03-01T12:00:00.000Z');
  const recent = new Date('2026-11-22T10:00:05.000Z');

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    eraser = new pg.Client({ connectionString: steps.database.eraserUrl });
    await eraser.connect();
  }, 120_000);
  afterAll(async () => {
    await eraser.end();
    await steps.stop();
  });

  /** Accepted evidence whose retention began at `at`. */
  const accept = async (at: Date) => {
    steps.clock.stopAt(at);
    const accepted = await steps.accept();
    steps.clock.stopAt(recent);
    return { ...accepted, subject: consentSubject(accepted.bank, accepted.consentId) };
  };
  const erase = (): Promise<string[]> => eraseDue(steps.database);
  const hold = (consent: string): Promise<string> =>
    steps.get(Holds).place({ consent, case: 'T-1/26', review: '2027-06-30' }, 'operator:test');
  it('destroys the keys of evidence whose retention has ended, and no others, and says so in the consent’s chain', async () => {
    const [ended, running] = [await accept(long), await accept(recent)];
    expect(await erase()).toEqual([ended.subject]);
    await expect(steps.store.getEvidence(ended.evidenceId, ended.bank)).rejects.toMatchObject({
      code: 'evidence.not-found',
    });
    await steps.store.getEvidence(running.evidenceId, running.bank);
    const events = await steps.trail.listEvents(ended.subject);
    expect(findChainFaults(events)).toEqual([]);
    expect(JSON.parse(events.at(-1)!.event)).toEqual({
      actor: 'eraser',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      detail: {
        approvedBy: 'operator:second',
        approvedWith: 'sigill_second',
        case: 'A-1/26',
        exports: [],
        login: 'sigill_erasing',
        request: expect.any(String) as string,
        requestedBy: 'operator:first',
      },
      type: 'evidence.erased',
    });
    expect(await erase()).toEqual([]);
  });

  it('leaves the key of a consent under a legal hold, until the hold is released', async () => {
    const held = await accept(long);
    const id = await hold(held.consentId);
    expect(await erase()).toEqual([]);
    expect(await steps.get(Holds).listEnded()).toMatchObject([{ subject: held.subject, holds: [id] }]);
    await releaseHold(steps.database, id);
    expect(await steps.get(Holds).listEnded()).toMatchObject([{ subject: held.subject, holds: [] }]);
    expect(await erase()).toEqual([held.subject]);
    const types = (await steps.trail.listEvents(held.subject)).map(
      ({ event }) => /"type": ?"([^"]+)"/.exec(event)?.[1],
    );
    expect(types).toEqual(['consent.authorised', 'hold.placed', 'hold.released', 'evidence.erased']);
  });

  it('keeps the key of a consent without evidence for thirteen months', async () => {
    const signed = await steps.sign();
    const subject = consentSubject(signed.bank, signed.consentId);
    expect(await erase()).toEqual([]);
    await steps.database.asOwner("update data_key set wrapped_at = now() - interval '14 months' where subject = $1", [
      subject,
    ]);
    expect(await erase()).toEqual([subject]);
  });

  it('counts from the financial year of the bank, and of an unknown one from the year that keeps longest', async () => {
    const known = await steps.accept({ bank: steps.world.system.clients.bank.id });
    const unknown = await steps.accept();
    const ends = await steps.database.asOwner(
      'select retention_ends_at as at from evidence where id = any($1) order by retention_ends_at',
      [[known.evidenceId, unknown.evidenceId]],
    );
    expect(ends.map(({ at }) => (at as Date).toISOString())).toEqual([
      '2033-12-31T23:00:00.000Z',
      '2034-12-31T23:00:00.000Z',
    ]);
  });

  it('can read, change and delete nothing by itself', async () => {
    await accept(recent);
    for (const sql of [
      'delete from data_key',
      'update data_key set wrapped_at = now()',
      'select wrapped from data_key',
      'select sealed from evidence',
      'delete from evidence',
      'insert into audit_event (subject, event) values (\'x\', \'{"type":"x"}\')',
      "insert into legal_hold (id, action, case_reference, actor) values (gen_random_uuid(), 'released', 'x', 'x')",
    ]) {
      await expect(eraser.query(sql)).rejects.toThrow(/permission denied/);
    }
  });

  it('is the only login that may erase: the service cannot', async () => {
    for (const sql of [
      'select erase_ended_logins()',
      'select carry_out(gen_random_uuid(), 1)',
      "select erase_again(gen_random_uuid(), '{}')",
      "select erase_subject('consent:bank:' || gen_random_uuid(), '{}')",
      'delete from data_key',
    ])
      await expect(steps.database.database.query(unlisted(sql), [])).rejects.toThrow(/permission denied/);
  });
});
