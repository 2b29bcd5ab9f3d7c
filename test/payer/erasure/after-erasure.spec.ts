import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clients } from '../../../src/clients/clients.ts';
import { isIncluded, leafHash } from '../../../src/crypto/tlog/merkle.ts';
import { Conditions } from '../../../src/health/conditions.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import { ErasureCertificates } from '../../../src/rights/erasure-certificates.ts';
import { Holds } from '../../../src/rights/holds.ts';
import { StewardWatch } from '../../../src/rights/steward-watch.ts';
import { releaseHold } from '../../support/database/erase.ts';
import { tamper } from '../../support/database/tamper.ts';
import { Stewards } from '../../support/evidence/stewards.ts';
import { bankOf, LedgerInstance, ledgerKeys } from '../../support/ledger/ledger-instance.ts';

let stewards: Stewards;

beforeAll(async () => {
  stewards = await Stewards.start();
}, 120_000);
afterAll(() => stewards.stop());

describe('a request that was approved', () => {
  const condition = (): unknown => stewards.steps.get(Conditions).read('erasure');

  it('waits without a steward, and readiness and a metric say so', async () => {
    const { subject } = await stewards.accept();
    const request = await stewards.approved([subject]);
    const now = stewards.steps.clock.now();
    const [row] = await stewards.steps.database.asOwner('select since from steward_waiting where request_id = $1', [
      request,
    ]);
    const watch = stewards.steps.get(StewardWatch);
    try {
      stewards.steps.clock.stopAt(addMs(row!['since'] as Date, 9 * MINUTE_MS));
      await watch.runOnce();
      expect(condition()).toEqual({ status: 'up' });
      stewards.steps.clock.stopAt(addMs(row!['since'] as Date, 11 * MINUTE_MS));
      await watch.runOnce();
      expect(condition()).toEqual({ status: 'degraded', message: 'what was approved waits for a steward' });
      const ready = await (await fetch(`${stewards.steps.world.system.issuer}/health/ready`)).json();
      expect(ready).toMatchObject({ details: { erasure: { status: 'degraded' } } });
      await stewards.runSteward();
      await watch.runOnce();
      expect(condition()).toEqual({ status: 'up' });
    } finally {
      stewards.steps.clock.stopAt(now);
    }
  });

  it('is not begun while LEDGER_DIRECTORY cannot be written, and readiness does not say that nothing came back', async () => {
    const { subject } = await stewards.accept();
    const request = await stewards.approved([subject]);
    const { failures, done } = await stewards.runSteward(join(stewards.ledger, 'is-not-there'));
    expect([done, failures.map(({ message }) => message)]).toEqual([
      [],
      expect.arrayContaining(['LEDGER_DIRECTORY: gone']),
    ]);
    expect(await stewards.outcomes(request)).toEqual({});
    expect(await stewards.runSteward()).toMatchObject({ done: [request] });
  });
});

describe('a database that was restored to before an erasure', () => {
  /** What a backup from before the request has: the key and the payment are back, and nothing is known of the request. */
  const restore = async (subject: string, before: Record<string, unknown>, request: string): Promise<void> => {
    await tamper(stewards.steps.database, 'erasure', 'delete from erasure where subject = $1', [subject]);
    const { key_id, kek_id, wrapped, initiation } = before;
    await tamper(
      stewards.steps.database,
      'data_key',
      'insert into data_key (key_id, subject, kek_id, wrapped) values ($1, $2, $3, $4)',
      [key_id, subject, kek_id, wrapped],
    );
    await tamper(stewards.steps.database, 'consent', 'update consent set initiation = $2 where id = $1', [
      subject.slice(-36),
      initiation,
    ]);
    for (const table of ['steward_outcome', 'steward_waiting', 'steward_decision', 'steward_result'])
      await tamper(stewards.steps.database, table, `delete from ${table} where request_id = $1`, [request]);
    await tamper(stewards.steps.database, 'steward_request', 'delete from steward_request where id = $1', [request]);
  };
  const rowsOf = async (subject: string): Promise<Record<string, unknown>> => {
    const [row] = await stewards.steps.database.asOwner(
      `select d.key_id, d.kek_id, d.wrapped, c.initiation from data_key d join consent c on c.id = right(d.subject, 36)::uuid where d.subject = $1`,
      [subject],
    );
    return row!;
  };
  const condition = (): unknown => stewards.steps.get(Conditions).read('erasure');

  it('is not up until it is erased again, which takes no second decision, and what a hold kept is not touched', async () => {
    const [mine, held] = [await stewards.accept(), await stewards.accept()];
    const before = await rowsOf(mine.subject);
    const hold = await stewards.steps
      .get(Holds)
      .place({ consent: held.consentId, case: 'T-1', review: '2027-06-30' }, 'operator:test');
    const request = await stewards.approved([mine.subject, held.subject]);
    await stewards.runSteward();
    const kept = readFileSync(join(stewards.ledger, 'erasures', `${request}.done`), 'utf8');
    const digest = createHash('sha256').update(mine.subject).digest('base64url');
    expect(JSON.parse(kept)).toEqual({ v: 1, type: 'sigill-erasure', request, erased: [digest] });

    await restore(mine.subject, before, request);
    await stewards.steps.store.getEvidence(mine.evidenceId, mine.bank);
    const watch = stewards.steps.get(StewardWatch);
    await watch.runOnce();
    expect(condition()).toEqual({ status: 'degraded', message: 'erased evidence came back: run sigill recover' });

    const again = await stewards.steps
      .get(Holds)
      .place({ consent: mine.consentId, case: 'T-2', review: '2027-06-30' }, 'operator:test');
    expect(await stewards.runSteward()).toMatchObject({ repeated: [], kept: [request] });
    await releaseHold(stewards.steps.database, again);

    const env = { STEWARD_DATABASE_URL: stewards.steps.database.eraserUrl, LEDGER_DIRECTORY: stewards.ledger };
    const recovered = await stewards.sigill(['recover', '--since', '2015-01-01', '--json'], env);
    expect(JSON.parse(recovered.stdout)).toMatchObject({ erasures: { repeated: 1, open: 0 } });
    await expect(stewards.steps.store.getEvidence(mine.evidenceId, mine.bank)).rejects.toMatchObject({
      code: 'evidence.not-found',
    });
    expect(await stewards.erasedEvents(mine.subject)).toBe(2);
    await stewards.steps.store.getEvidence(held.evidenceId, held.bank);
    await watch.runOnce();
    expect(condition()).toEqual({ status: 'up' });
    expect(await stewards.runSteward()).toMatchObject({ repeated: [], kept: [], failures: [] });
    await releaseHold(stewards.steps.database, hold);
  });

  it('is not erased by a file that was altered, and one within its retention by no file', async () => {
    const [ended, running] = [await stewards.accept(), await stewards.accept('now')];
    const digests = [ended, running].map(({ subject }) => createHash('sha256').update(subject).digest('base64url'));
    const forged = (erased: readonly string[], more: object = {}): string => {
      const request = randomUUID();
      const text = JSON.stringify({ v: 1, type: 'sigill-erasure', request, erased, ...more });
      writeFileSync(join(stewards.ledger, 'erasures', request), `${text}\n`);
      return join(stewards.ledger, 'erasures', request);
    };
    const altered = forged([digests[0]!], { note: 'x' });
    expect((await stewards.runSteward()).failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('differs'),
    ]);
    rmSync(altered);
    const early = forged([digests[1]!]);
    expect(await stewards.runSteward()).toMatchObject({ kept: [early.slice(-36)] });
    for (const { evidenceId, bank: of } of [ended, running]) await stewards.steps.store.getEvidence(evidenceId, of);
    rmSync(early);
    expect(readdirSync(join(stewards.ledger, 'erasures')).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

describe('evidence that was erased', () => {
  it('keeps its number, its leaf and a proof that verifies, and the comparison of the ledger finds no fault', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sigill-ledger-'));
    const one = new LedgerInstance(stewards.steps.database, folder, ledgerKeys(), new Clients([bankOf(stewards.bank)]));
    const accepted = await stewards.acceptMany(3);
    await one.advance(stewards.bank);
    await one.audit.close(stewards.bank, 0);
    await one.advance(stewards.bank, 'audit');
    const request = await stewards.approved([accepted[1]!.subject]);
    expect(await stewards.runSteward()).toMatchObject({ done: [request] });
    await one.audit.close(stewards.bank, 0);
    await one.advance(stewards.bank, 'audit');

    const { faults, logs } = await one.fsck.run();
    expect([faults, logs.find(({ log }) => log === 'evidence')?.lost]).toEqual([[], 0]);
    const covered = await one.ledger.findCovered(stewards.bank, accepted[1]!.evidenceId);
    if (covered === 'not-yet') throw new Error('it has no number');
    const head = one.signer.open((await one.log(stewards.bank)).origin, Buffer.from(covered.checkpoint));
    const { index, size, proof } = covered;
    const leaf = leafHash(accepted[1]!.digest);
    expect(isIncluded({ leaf, index, size, root: head.root, proof })).toBe(true);
    const certificate = await stewards.steps.get(ErasureCertificates).issue(request);
    const claims = JSON.parse(Buffer.from(certificate.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(claims['leaves']).toEqual([{ number: covered.number, digest: accepted[1]!.digest.toString('hex') }]);
    rmSync(folder, { recursive: true });
  });
});
