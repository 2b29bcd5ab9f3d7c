import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { TsaScenario } from '../../../simulator/tsa/tsa-scenarios.ts';
import { Clients } from '../../../src/clients/clients.ts';
import { TimestampRenewal } from '../../../src/ledger/timestamp-renewal.ts';
import { TimestampCheck, type TimestampFault } from '../../../src/ledger/timestamps/check-timestamps.ts';
import { DailyTimestamps } from '../../../src/ledger/timestamps/daily-timestamps.ts';
import { TimestampHealth } from '../../../src/ledger/timestamps/timestamp-health.ts';
import { selectSoonestEnding } from '../../../src/ledger/timestamps/timestamp.repository.ts';
import { timestampImprint } from '../../../src/ledger/timestamps/timestamp-imprint.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { tamper } from '../../support/database/tamper.ts';
import { bankOf, ledgerFolder, ledgerKeys, LedgerInstance } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';
import { TestAuthority } from '../../support/timestamps/test-authority.ts';

const keys = ledgerKeys();
const folder = ledgerFolder();
const DAY_MINUTES = 24 * 60;
let test: TestDatabase;
let one: LedgerInstance;
let authority: TestAuthority;
let health: TimestampHealth;

beforeAll(async () => {
  Logger.overrideLogger(false);
  [test, authority] = await Promise.all([createTestDatabase(), TestAuthority.start()]);
  one = new LedgerInstance(test, folder.path, keys, new Clients([bankOf('gap'), bankOf('gap-b')]));
  health = new TimestampHealth(authority.clock, authority.metrics);
});
beforeEach(() => {
  authority.asked = [];
  authority.now = new Date('2026-11-22T08:00:00Z');
});
afterAll(async () => {
  await Promise.all([test.close(), authority.stop()]);
  folder.remove();
});

const daily = (...scenarios: readonly TsaScenario[]): DailyTimestamps =>
  new DailyTimestamps(test.database, one.logs, one.directory, authority.timestamps(...scenarios), health);

async function stamp(bank: string, ...scenarios: readonly TsaScenario[]): Promise<void> {
  await daily(...scenarios).stampLog(await one.log(bank), authority.now);
}

/** Grows the log and signs a head, as if that were now by the clock of the test. */
async function grow(bank: string): Promise<void> {
  await storeEvidence(test, bank);
  await one.advance(bank);
  await tamper(
    test,
    'checkpoint',
    `update checkpoint set signed_at = $2 where bank = $1 and size = (select max(size) from checkpoint where bank = $1)`,
    [bank, authority.now],
  );
}

const stored = (bank: string): Promise<readonly Record<string, unknown>[]> =>
  test.asOwner('select size::int, nth, token from checkpoint_timestamp where bank = $1 order by size, nth', [bank]);

const kept = async (bank: string): Promise<string[]> => {
  const { folder: log } = await one.log(bank);
  return readdirSync(join(folder.path, log, 'timestamps')).sort();
};

async function faultsOf(bank: string): Promise<TimestampFault[]> {
  const check = new TimestampCheck(test.database, one.directory, authority.timestamps('good'));
  const faults: TimestampFault[] = [];
  for await (const fault of check.faultsOf(await one.log(bank), authority.now)) faults.push(fault);
  return faults;
}

describe('the timestamp of a day', () => {
  it('is over the note of the newest head, comes with the proof of each leaf below it, and is kept outside', async () => {
    const [first] = await storeEvidence(test, 'stamped');
    await one.advance('stamped');
    await stamp('stamped', 'good');
    const covered = await one.ledger.findCovered('stamped', first!);
    if (covered === 'not-yet' || !covered.timestamp) throw new Error('not timestamped');
    const { time } = authority.timestamps('good').verify(covered.timestamp, timestampImprint(covered.checkpoint));
    expect(time).toEqual(authority.now);
    expect(await kept('stamped')).toEqual(['00000000000000000001.tsr']);
  });

  it('is one a day, also with several instances at once, and only where the log has grown', async () => {
    await grow('daily');
    await Promise.all([stamp('daily', 'good'), stamp('daily', 'good'), stamp('daily', 'good')]);
    expect(authority.asked).toEqual(['good']);
    await grow('daily');
    await stamp('daily', 'good');
    expect(authority.asked).toEqual(['good']);
    authority.passMinutes(DAY_MINUTES);
    await stamp('daily', 'good');
    await stamp('daily', 'good');
    authority.passMinutes(DAY_MINUTES);
    await stamp('daily', 'good');
    expect(await stored('daily')).toMatchObject([{ size: 1 }, { size: 2 }]);
    expect(await faultsOf('daily')).toEqual([]);
  });

  it('that no authority gave is made up for later, and the gap stays visible', async () => {
    await grow('gap');
    await grow('gap-b');
    const signedAt = authority.now;
    await daily('down', 'imprint').runOnce(authority.now);
    expect(authority.asked).toEqual(['down', 'imprint']);
    expect(await stored('gap')).toEqual([]);
    authority.passMinutes(2 * DAY_MINUTES);
    expect(await faultsOf('gap')).toEqual([{ kind: 'gap', signedAt, stampedAt: undefined, size: undefined }]);
    await daily('down').runOnce(authority.now);
    expect(await authority.metrics.exposition()).toMatch(/sigill_ledger_untimestamped_seconds 172800/);
    await daily('good').runOnce(authority.now);
    for (const bank of ['gap', 'gap-b'])
      expect(await faultsOf(bank)).toEqual([{ kind: 'gap', signedAt, stampedAt: authority.now, size: 1 }]);
    expect(await authority.metrics.exposition()).toMatch(/sigill_ledger_untimestamped_seconds 0\n/);
  });

  it('that was stored and not kept is kept by the next round, and one that a restored database lost is taken from there', async () => {
    await grow('restored');
    await stamp('restored', 'good');
    const { folder: log } = await one.log('restored');
    const [{ token }] = (await stored('restored')) as [{ token: Buffer }];
    rmSync(join(folder.path, log, 'timestamps'), { recursive: true });
    expect(await faultsOf('restored')).toEqual([{ kind: 'not-kept', size: 1, nth: 0 }]);
    await stamp('restored', 'good');
    expect(await faultsOf('restored')).toEqual([]);
    await tamper(test, 'checkpoint_timestamp', `delete from checkpoint_timestamp where bank = 'restored'`);
    authority.passMinutes(DAY_MINUTES);
    await stamp('restored', 'good');
    expect(await stored('restored')).toMatchObject([{ size: 1, nth: 0, token }]);
    expect(authority.asked).toEqual(['good']);
  });

  it('is named where it is not of its head', async () => {
    await grow('wrong');
    await stamp('wrong', 'good');
    await tamper(
      test,
      'checkpoint_timestamp',
      `update checkpoint_timestamp set token = (select token from checkpoint_timestamp where bank = 'stamped') where bank = 'wrong'`,
    );
    expect(await faultsOf('wrong')).toEqual([
      { kind: 'wrong', size: 1, nth: 0, reason: 'imprint' },
      { kind: 'not-kept', size: 1, nth: 0 },
    ]);
  });
});

describe('the renewal of timestamps', () => {
  it.each(['0', '-1', '1.5', 'soon', '10000'])(
    'is not begun for a time that is no number of days: %s',
    async (days) => {
      const { code, stderr } = await runCli('renew-timestamps', `--within=${days}`);
      expect([code, stderr]).toEqual([64, '--within is not a number of days from 1 to 9999\n']);
    },
  );

  const renewal = (...scenarios: readonly TsaScenario[]): TimestampRenewal =>
    new TimestampRenewal(test.database, one.logs, one.directory, authority.timestamps(...scenarios));
  const soon = (): Date => new Date(authority.now.getTime() + 180 * DAY_MINUTES * 60_000);

  it('puts a new token over the note and the old one before its certificate ends, once, and goes on where it stopped', async () => {
    for (const bank of ['old-a', 'old-b']) {
      await grow(bank);
      await stamp(bank, 'good');
    }
    expect(await renewal('good').run(soon())).toEqual({ renewed: 0, refused: [] });
    authority.passMinutes(4.8 * 365 * DAY_MINUTES);
    await expect(renewal('down').run(soon())).rejects.toThrow('no timestamping authority answered');
    authority.asked = [];
    const why = "the authority's certificate ends no later; the others were not tried";
    expect(await renewal('good').run(soon())).toMatchObject({ renewed: 0, refused: [{ size: 1, why }] });
    expect(authority.asked).toEqual(['good']);
    await authority.renewCertificates();
    const { renewed } = await renewal('good').run(soon());
    expect(renewed).toBeGreaterThanOrEqual(2);
    expect(await renewal('good').run(soon())).toEqual({ renewed: 0, refused: [] });
    expect(await stored('old-a')).toMatchObject([{ nth: 0 }, { nth: 1 }]);
    const soonest = await selectSoonestEnding(test.database, authority.now);
    expect(soonest?.getUTCFullYear()).toBe(2036);
    expect(await kept('old-a')).toEqual(['00000000000000000001.1.tsr', '00000000000000000001.tsr']);
    authority.passMinutes(365 * DAY_MINUTES);
    expect(await faultsOf('old-a')).toEqual([]);
  });

  it('takes one that was kept and not stored, and refuses what is not over the old token', async () => {
    const [log] = [await one.log('old-b')];
    const path = join(folder.path, log.folder, 'timestamps', '00000000000000000001.1.tsr');
    await tamper(test, 'checkpoint_timestamp', `delete from checkpoint_timestamp where bank = 'old-b' and nth = 1`);
    authority.passMinutes(4.8 * 365 * DAY_MINUTES);
    expect(await renewal('down').run(soon())).toEqual({ renewed: 1, refused: [] });
    await tamper(test, 'checkpoint_timestamp', `delete from checkpoint_timestamp where bank = 'old-b' and nth = 1`);
    const [{ token }] = (await stored('old-b')) as [{ token: Buffer }];
    rmSync(path);
    writeFileSync(path, token);
    const { refused } = await renewal('down').run(soon());
    expect(refused).toEqual([
      { bank: 'old-b', kind: 'evidence', size: 1, why: 'another token is kept in LEDGER_DIRECTORY' },
    ]);
  });
});
