import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SigningKeys } from '../../../src/keys/signing-keys.ts';
import { Holds } from '../../../src/rights/holds.ts';
import { Requests } from '../../../src/rights/requests.ts';
import { queryOnce } from '../../support/database/database.ts';
import { approve, eraseDue, releaseHold } from '../../support/database/erase.ts';
import { eventually } from '../../support/eventually.ts';
import { Stewards } from '../../support/evidence/stewards.ts';

const program = join(import.meta.dirname, '../../../build/src/cli.js');

let stewards: Stewards;

beforeAll(async () => {
  stewards = await Stewards.start();
}, 120_000);
afterAll(() => stewards.stop());

const decide = 'insert into steward_decision (request_id, decision, decided_by) values ($1, $2, $3)';

describe('the erasure of evidence', () => {
  it('is asked for by one person, approved by another, and carried out by a steward, who leaves a certificate', async () => {
    const [mine, other] = [await stewards.accept(), await stewards.accept('now')];
    const asked = await stewards.sigill(['erase', 'request', '--bank', stewards.bank, '--case', 'G-7/26', '--json']);
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    const { request, consents } = JSON.parse(asked.stdout) as { readonly request: string; readonly consents: number };
    expect(consents).toBe(1);
    expect(await stewards.runSteward()).toMatchObject({ done: [], failures: [] });
    expect((await stewards.sigill(['request', 'list'])).stdout).toMatch(
      new RegExp(`^${request}  erase 1 consents at ${stewards.bank}  case G-7/26  undecided`),
    );

    const second = { APPROVER_DATABASE_URL: stewards.steps.database.approverUrl };
    expect(await stewards.sigill(['request', 'approve', request], second)).toMatchObject({
      code: 64,
      stderr: 'a second person decides\n',
    });
    await approve(stewards.steps.database, request);
    expect((await stewards.sigill(['request', 'show', request], second)).stdout).toContain(`waiting  asked`);
    expect(await stewards.sigill(['request', 'approve', request], second)).toMatchObject({
      code: 64,
      stderr: 'it was decided before\n',
    });

    const env = { STEWARD_DATABASE_URL: stewards.steps.database.eraserUrl, LEDGER_DIRECTORY: stewards.ledger };
    expect(await stewards.sigill(['steward', '--once'], env)).toEqual({
      code: 0,
      stdout: `done ${request}\n`,
      stderr: '',
    });
    expect(await stewards.outcomes(request)).toEqual({ [mine.subject]: 'erased' });
    await expect(stewards.steps.store.getEvidence(mine.evidenceId, mine.bank)).rejects.toMatchObject({
      code: 'evidence.not-found',
    });
    await stewards.steps.store.getEvidence(other.evidenceId, other.bank);

    const { stdout, code } = await stewards.sigill(['erase', 'certificate', request]);
    expect(code).toBe(0);
    const folder = mkdtempSync(join(tmpdir(), 'sigill-certificate-'));
    writeFileSync(join(folder, 'certificate.jws'), stdout);
    const own = (await fetch(`${stewards.steps.world.system.issuer}/jwks`)).json();
    writeFileSync(join(folder, 'jwks.json'), JSON.stringify(await own));
    const verify = (jwks: string) =>
      spawnSync(
        process.execPath,
        [
          'docs/examples/erase-certificate.mjs',
          join(folder, 'certificate.jws'),
          jwks,
          stewards.steps.world.system.issuer,
        ],
        { encoding: 'utf8' },
      );
    const claims = JSON.parse(verify(join(folder, 'jwks.json')).stdout) as Record<string, unknown>;
    expect(claims).toMatchObject({
      request,
      bank: stewards.bank,
      caseReference: 'G-7/26',
      approvals: [{ by: 'operator:second', login: 'sigill_second' }],
      consents: { erased: 1, held: 0, retained: 0, gone: 0 },
      exports: [],
    });
    const days = Date.parse(String(claims['beyondRestoreAt'])) - Date.parse(String(claims['erasedAt']));
    expect(days).toBe(30 * 86_400_000);
    expect(JSON.stringify(claims)).not.toContain(mine.consentId);
    writeFileSync(join(folder, 'other.json'), JSON.stringify(new SigningKeys([]).jwks()));
    expect(verify(join(folder, 'other.json')).status).toBe(1);
    rmSync(folder, { recursive: true });
  });

  it('is decided neither by who asked, nor by a login that stores or carries out requests, nor twice', async () => {
    const request = await stewards.askFor([(await stewards.accept()).subject]);
    const { url, eraserUrl, approverUrl, ownerUrl } = stewards.steps.database;
    await expect(queryOnce(approverUrl, decide, [request, 'approved', 'Operator:First'])).rejects.toThrow(
      'a second person',
    );
    await expect(queryOnce(url, decide, [request, 'approved', 'operator:second'])).rejects.toThrow('permission denied');
    await expect(queryOnce(eraserUrl, decide, [request, 'approved', 'operator:second'])).rejects.toThrow(
      'permission denied',
    );
    await expect(queryOnce(ownerUrl, decide, [request, 'approved', 'operator:second'])).rejects.toThrow(
      'of nothing else',
    );
    await expect(queryOnce(approverUrl, decide, [randomUUID(), 'approved', 'operator:second'])).rejects.toThrow(
      'no such request',
    );
    const named = decide.replace('decided_by', 'decided_by, login').replace('$3', "$3, 'sigill_other'");
    await expect(queryOnce(approverUrl, named, [request, 'approved', 'operator:second'])).rejects.toThrow(
      'permission denied',
    );
    await queryOnce(approverUrl, decide, [request, 'refused', 'operator:second']);
    await expect(queryOnce(approverUrl, decide, [request, 'approved', 'operator:third'])).rejects.toThrow(
      'duplicate key',
    );
    await expect(queryOnce(eraserUrl, 'select carry_out($1, 10)', [request])).rejects.toThrow('two persons ask for it');
    expect(await stewards.outcomes(request)).toEqual({});
  });

  it('names consents of one bank, which nothing adds to or takes away', async () => {
    const [one, another] = [(await stewards.accept()).subject, (await stewards.accept()).subject];
    for (const subjects of [
      [],
      [one, one],
      [one.replace(stewards.bank, 'another')],
      [`login:${stewards.bank}:${randomUUID()}`],
      ['consent'],
    ])
      await expect(stewards.askFor(subjects)).rejects.toThrow(/each once|is_sound/);
    const request = await stewards.approved([one]);
    for (const sql of [
      `update steward_request set subjects = subjects || '${another}'::text where id = '${request}'`,
      `delete from steward_request where id = '${request}'`,
      `update steward_decision set decision = 'approved'`,
      'delete from steward_waiting',
      'truncate steward_waiting',
      'delete from steward_outcome',
      'delete from steward_result',
    ])
      await expect(stewards.steps.database.asOwner(sql)).rejects.toThrow(/append-only|not done/);
    expect(await stewards.runSteward()).toMatchObject({ done: [request] });
  });

  it('comes neither before the end of retention, even if it is approved, nor under a hold', async () => {
    const [running, held, ended, erased] = [
      await stewards.accept('now'),
      await stewards.accept(),
      await stewards.accept(),
      await stewards.accept(),
    ];
    const hold = await stewards.steps
      .get(Holds)
      .place({ consent: held.consentId, case: 'T-1', review: '2027-06-30' }, 'operator:test');
    await stewards.approved([erased.subject]).then(() => stewards.runSteward());
    const request = await stewards.approved([running, held, ended, erased].map(({ subject }) => subject));
    expect(await stewards.runSteward()).toMatchObject({ done: [request], failures: [] });
    expect(await stewards.outcomes(request)).toEqual({
      [running.subject]: 'retained',
      [held.subject]: 'held',
      [ended.subject]: 'erased',
      [erased.subject]: 'gone',
    });
    const askedBy = (consent: string): Promise<unknown> =>
      stewards.steps
        .get(Requests)
        .askForErasure({ bank: stewards.bank, case: 'G-1', consent: [consent] }, 'operator:x');
    await expect(askedBy(running.consentId)).rejects.toThrow(/ends at 20\d\d-.*: never earlier/);
    await expect(askedBy(held.consentId)).rejects.toThrow('a hold keeps');
    await expect(askedBy(erased.consentId)).rejects.toThrow('no such consent at this bank, or it was erased');
    await releaseHold(stewards.steps.database, hold);
    await stewards.steps.store.getEvidence(running.evidenceId, running.bank);
  });

  it('happens once, though two stewards carry out the same requests at the same time', async () => {
    const consents = await stewards.acceptMany(8);
    const requests = [
      await stewards.approved(consents.slice(0, 5).map(({ subject }) => subject)),
      await stewards.approved(consents.slice(3).map(({ subject }) => subject)),
    ];
    const rounds = await Promise.all([stewards.runSteward(), stewards.runSteward(), stewards.runSteward()]);
    expect(rounds.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { subject } of consents) expect(await stewards.erasedEvents(subject)).toBe(1);
    const all = Object.assign({}, ...(await Promise.all(requests.map((one) => stewards.outcomes(one))))) as Record<
      string,
      string
    >;
    expect(Object.keys(all)).toHaveLength(8);
    expect(await stewards.steps.database.asOwner('select 1 from steward_waiting')).toEqual([]);
  });
});

describe('a hold and an erasure in the same second', () => {
  it('come one after the other: what is held is there, and what is gone is not held', async () => {
    const consents = await stewards.acceptMany(24);
    const request = await stewards.approved(consents.map(({ subject }) => subject));
    const place = (consent: string): Promise<string> =>
      stewards.steps.get(Holds).place({ consent, case: 'T-9', review: '2027-06-30' }, 'operator:test');
    const [placed, ...rounds] = await Promise.all([
      Promise.allSettled(consents.map(({ consentId }) => place(consentId))),
      stewards.runSteward(),
      stewards.runSteward(),
    ]);
    expect(rounds.flatMap(({ failures }) => failures)).toEqual([]);
    const became = (await stewards.outcomes(request)) as Record<string, string>;
    for (const [at, { subject }] of consents.entries()) {
      const hold = placed[at]!;
      expect([hold.status, became[subject]]).toEqual(
        hold.status === 'fulfilled' ? ['fulfilled', 'held'] : ['rejected', 'erased'],
      );
      if (hold.status === 'rejected') expect(String(hold.reason)).toContain('it was erased');
      else await releaseHold(stewards.steps.database, hold.value);
    }
    await eraseDue(stewards.steps.database);
  });
});

describe('a steward that is killed', () => {
  /** `sigill steward --once`, killed when it waits for the lock that `blocked` holds. */
  const killedAt = async (lock: string, params: unknown[]): Promise<void> => {
    const holder = new pg.Client({ connectionString: stewards.steps.database.ownerUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query(lock, params);
    const env = {
      ...process.env,
      SIGILL_ENV: 'sandbox',
      STEWARD_DATABASE_URL: stewards.steps.database.eraserUrl,
      LEDGER_DIRECTORY: stewards.ledger,
    };
    const child = spawn(process.execPath, [program, 'steward', '--once'], { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await eventually(async () => {
      const waiting = await stewards.steps.database.asOwner(
        `select 1 from pg_stat_activity where datname = current_database() and usename = 'sigill_erasing' and wait_event = 'advisory'`,
      );
      return waiting.length > 0 ? true : undefined;
    });
    child.kill('SIGKILL');
    await ended;
    await stewards.steps.database.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'sigill_erasing'`,
    );
    await holder.query('rollback');
    await holder.end();
  };
  const lockOf = 'select pg_advisory_xact_lock(hashtextextended($1, $2))';

  it('or that is ended, has ended when its round is over, and does what it finds while it runs', async () => {
    const env = { ...process.env, SIGILL_ENV: 'sandbox', STEWARD_DATABASE_URL: stewards.steps.database.eraserUrl };
    const request = await stewards.approved([(await stewards.accept()).subject]);
    const child = spawn(process.execPath, [program, 'steward'], {
      env: { ...env, LEDGER_DIRECTORY: stewards.ledger },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGTERM');
    expect([line.toString(), await ended]).toEqual([`done ${request}\n`, 0]);
  });

  it('before the first, among the first and between two transactions leaves nothing half done, and another one does all once', async () => {
    // More than one transaction of a steward erases, in the order of subjects.
    const subjects = (await stewards.acceptMany(55)).map(({ subject }) => subject).sort();
    const request = await stewards.approved(subjects);
    const erased = async (): Promise<number> =>
      (await stewards.steps.database.asOwner('select 1 from erasure where subject = any($1)', [subjects])).length;

    await killedAt(lockOf, [request, 7313]);
    expect([await erased(), existsSync(join(stewards.ledger, 'erasures', request))]).toEqual([0, true]);
    await killedAt(lockOf, [subjects[20], 7311]);
    expect([await erased(), await stewards.outcomes(request)]).toEqual([0, {}]);
    await killedAt(lockOf, [subjects[53], 7311]);
    expect([await erased(), Object.keys(await stewards.outcomes(request)).length]).toEqual([50, 50]);
    expect(existsSync(join(stewards.ledger, 'erasures', `${request}.done`))).toBe(false);

    expect(await stewards.runSteward()).toMatchObject({ done: [request], failures: [] });
    expect(await erased()).toBe(55);
    for (const subject of subjects) expect(await stewards.erasedEvents(subject)).toBe(1);
    expect(existsSync(join(stewards.ledger, 'erasures', `${request}.done`))).toBe(true);
  });
});
