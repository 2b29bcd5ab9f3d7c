import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { parseExportRequest } from '../../../src/compliance/export-request.ts';
import { Exports } from '../../../src/compliance/exports.ts';
import { Reverification } from '../../../src/compliance/reverification.ts';
import { addMs, DAY_MS } from '../../../src/kernel/clock.ts';
import { newConsentId } from '../../../src/kernel/ids.ts';
import type { Report } from '../../../src/verification/report.ts';
import type { VerifiedIdentification } from '../../../src/verification/verified-identification.ts';
import { unlisted } from '../../support/database/database.ts';
import { eraseDue, releaseHold } from '../../support/database/erase.ts';
import { tamper } from '../../support/database/tamper.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { LoginEvidence, recordOf } from '../../support/evidence/login-evidence.ts';

let steps: EvidenceSteps;
let logins: LoginEvidence;

beforeAll(async () => {
  steps = await EvidenceSteps.start();
  logins = new LoginEvidence(steps, steps.pki);
}, 120_000);
afterAll(() => steps.stop());

describe('the evidence of a login', () => {
  it('is what the person identified for, byte for byte, with the verdict and the time at which it may be erased', async () => {
    const { facts, completion, expectation, summary } = await logins.accept();
    const [kept] = await logins.store.findOpened(facts.loginId);
    expect(kept).toMatchObject({
      ...summary,
      kind: 'accepted',
      signature: completion.signature,
      ocsp: completion.ocspResponse,
      indication: 'TOTAL-PASSED',
      retentionEndsAt: addMs(expectation.receivedAt, 90 * DAY_MS),
    });
    expect(JSON.parse(kept!.report)).toMatchObject({ scope: 'identification', matches: 'yes' });
    expect(Buffer.from(kept!.visibleText)).toEqual(expectation.visibleData);
    expect(JSON.parse(kept!.login)).toMatchObject({ purpose: 'login', loginId: facts.loginId });
  });

  it('is accepted only as the verifier made it: no copy, no other order, and no signature of a payment', async () => {
    const login = await logins.complete();
    const copy = { ...logins.verified(login) } as VerifiedIdentification;
    await expect(logins.append(login, copy)).rejects.toThrow(TypeError);
    const other = logins.verified(await logins.complete());
    await expect(logins.append(login, other)).rejects.toThrow('not the one that was verified');
    const payment = steps.verified(await steps.sign()) as unknown as VerifiedIdentification;
    await expect(logins.append(login, payment)).rejects.toThrow(TypeError);
    expect(await logins.store.findOpened(login.facts.loginId)).toEqual([]);
  });

  it('is stored once for a login and once for an order', async () => {
    const login = await logins.accept();
    await expect(logins.append(login)).rejects.toThrow(/identification_(order_id_key|accepted_once)/);
    const second = await logins.complete({ facts: { loginId: login.facts.loginId } });
    await expect(logins.append(second)).rejects.toThrow('identification_accepted_once');
  });

  it('holds what was refused and what came too late, beside what was accepted', async () => {
    const { facts } = await logins.accept();
    for (const kind of ['refused', 'surplus'] as const) {
      const login = await logins.complete({ ocspStatus: 'unknown', facts: { loginId: facts.loginId } });
      const report = logins.verdict(login) as Report;
      expect(report).toMatchObject({ indication: 'INDETERMINATE', scope: 'identification' });
      const record = recordOf(login);
      await logins.inTransaction(login, (tx, key) => logins.store.appendUnaccepted(tx, key, kind, { report, record }));
    }
    const found = await logins.store.findOfClient(steps.database.database, facts.clientId, facts.loginId);
    expect([found[0]?.kind, found.map(({ kind }) => kind).sort()]).toEqual([
      'accepted',
      ['accepted', 'refused', 'surplus'],
    ]);
  });

  it('is that of its client: another client finds nothing', async () => {
    const { facts } = await logins.accept();
    expect(await logins.store.findOfClient(steps.database.database, 'rp-two', facts.loginId)).toEqual([]);
  });

  it('is sealed under the key of its login and of no other subject', async () => {
    const login = await logins.complete();
    const other = await logins.complete();
    const crossed = logins.inTransaction(other, (tx, key) =>
      logins.store.appendAccepted(tx, key, logins.verified(login), recordOf(login)),
    );
    await expect(crossed).rejects.toThrow('seals no evidence');
  });

  it('has neither number nor name nor text in the clear', async () => {
    const { completion, summary } = await logins.accept();
    const sql = 'select row_to_json(i)::text as row from identification i where id = $1';
    const [row] = await steps.database.asOwner(sql, [summary.evidenceId]);
    for (const secret of [completion.personalNumber!, 'Andersson', completion.signature.slice(0, 40)])
      expect(String(row!['row'])).not.toContain(secret);
  });

  it('cannot be changed or removed, and an altered row is found out', async () => {
    const [a, b] = [await logins.accept(), await logins.accept()];
    for (const sql of [
      "update identification set kind = 'refused'",
      'delete from identification',
      'truncate identification cascade',
    ])
      await expect(steps.database.asOwner(sql)).rejects.toThrow(/append-only|never change|foreign key/);
    await tamper(
      steps.database,
      'identification',
      'update identification set sealed = (select sealed from identification where id = $1) where id = $2',
      [a.summary.evidenceId, b.summary.evidenceId],
    );
    await expect(logins.store.findOpened(b.facts.loginId)).rejects.toThrow();
    expect(await logins.store.findOpened(a.facts.loginId)).toHaveLength(1);
  });

  it('is found by no query for a bank, by whatever id', async () => {
    const { facts, summary } = await logins.accept();
    const { database } = steps.database;
    for (const bank of ['bank-a', facts.clientId, '']) {
      expect(await steps.store.findEvidence(database, facts.loginId as never, bank)).toEqual([]);
      await expect(steps.store.getEvidence(summary.evidenceId, bank)).rejects.toMatchObject({
        code: 'evidence.not-found',
      });
    }
    const [count] = await steps.database.asOwner('select count(*)::int as n from evidence where order_id = $1', [
      summary.orderId,
    ]);
    expect(count).toEqual({ n: 0 });
  });
});

describe('the operator', () => {
  const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') };
  const reverify = () => steps.get(Reverification).run(always, 'operator:eva');

  it('verifies what is stored of logins again, apart from consents, and learns what was damaged or has another verdict', async () => {
    const [sound, altered, reworded] = [await logins.accept(), await logins.accept(), await logins.accept()];
    const before = await reverify();
    expect([before.logins.changed, before.verified]).toEqual([[], 0]);
    // One was altered by a test above.
    expect(before.logins.damaged.length).toBeLessThanOrEqual(1);
    for (const { orderId } of [sound, altered, reworded]) expect(before.withoutEvidence).not.toContain(orderId);
    const change = (set: string, { summary }: typeof sound) =>
      tamper(steps.database, 'identification', `update identification set ${set} where id = $1`, [summary.evidenceId]);
    await change("digest = decode(repeat('00', 32), 'hex')", altered);
    await change("kind = 'refused', indication = 'INDETERMINATE', sub_indication = 'TRY_LATER'", reworded);
    await change("signed_at = signed_at - interval '1 day'", sound);
    const { logins: after } = await reverify();
    expect(after.verified).toBe(before.logins.verified - 1);
    const damaged = new Map(after.damaged.map(({ evidenceId, reason }) => [evidenceId, reason]));
    const reasonOf = ({ summary }: typeof sound) => damaged.get(summary.evidenceId);
    expect([reasonOf(altered), reasonOf(sound), reasonOf(reworded)]).toEqual([
      'cannot be opened, or is not what its digest commits to',
      'signed_at is not what was signed or recorded',
      'indication is not what was signed or recorded',
    ]);
    const { loginId } = reworded.facts;
    expect(after.changed).toMatchObject([{ loginId, was: 'INDETERMINATE/TRY_LATER', is: 'TOTAL-PASSED' }]);
  });

  it('finds no login in an export of a period, whichever bank or client it names', async () => {
    const { facts } = await logins.accept();
    // The certificate of the export's seal is of today.
    const then = steps.clock.now();
    steps.clock.stopAt(new Date());
    for (const words of [{}, { bank: 'bank-a' }, { tpp: facts.clientId }, { consent: facts.loginId }]) {
      const out = new PassThrough().resume();
      const period = { from: '2000-01-01', to: '2100-01-01', purpose: 'audit' };
      const { count } = await steps
        .get(Exports)
        .writeExport(parseExportRequest({ ...period, ...words }, 'operator:eva'), out);
      expect(count).toBe(0);
    }
    steps.clock.stopAt(then);
  });
});

describe('the eraser', () => {
  const erase = (): Promise<string[]> => eraseDue(steps.database);
  const age = (subject: string, days: number): Promise<unknown> =>
    steps.database.asOwner('update data_key set wrapped_at = now() - make_interval(days => $2) where subject = $1', [
      subject,
      days,
    ]);

  /** By the database's own clock, which decides. */
  const receivedBefore = async (days: number) => {
    const login = await logins.complete();
    const [row] = await steps.database.asOwner('select now() - make_interval(days => $1) as at', [days]);
    await logins.append(login, logins.verified(login), { ...recordOf(login), receivedAt: row!['at'] as Date });
    return login;
  };

  it('destroys the key of a login at the end of its retention, unless a hold stops it', async () => {
    const [ended, running] = [await receivedBefore(91), await receivedBefore(89)];
    const hold = `insert into legal_hold (id, action, covers, subject, case_reference, review_on, actor)
                  values ($1, 'placed', 'subject', $2, 'T-1', '2027-06-30', 'operator:test')`;
    const id = randomUUID();
    await steps.database.database.query(unlisted(hold), [id, ended.subject]);
    expect(await erase()).not.toContain(ended.subject);
    await releaseHold(steps.database, id);
    expect(await erase()).toContain(ended.subject);
    expect(await logins.store.findOpened(ended.facts.loginId)).toEqual([]);
    expect(await logins.store.findOpened(running.facts.loginId)).toHaveLength(1);
  });

  it('destroys the key of a login without evidence ninety days after it began, and not that of a consent', async () => {
    const login = await logins.complete();
    const consent = await steps.sign({ consentId: newConsentId() });
    const subject = `consent:${consent.bank}:${consent.consentId}`;
    await age(login.subject, 89);
    expect(await erase()).not.toContain(login.subject);
    await age(login.subject, 91);
    await age(subject, 91);
    const erased = await erase();
    expect([erased.includes(login.subject), erased.includes(subject)]).toEqual([true, false]);
  });
});
