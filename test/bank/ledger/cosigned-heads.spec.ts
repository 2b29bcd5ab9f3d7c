import { Clients, type Client, type Witness } from '../../../src/clients/clients.ts';
import { formatSignature, openNote } from '../../../src/crypto/tlog/note.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { tryTurn } from '../../../src/ledger/heads/checkpoint.repository.ts';
import type { LogKind } from '../../../src/ledger/log/ledger-log.ts';
import type { LedgerLogs } from '../../../src/ledger/log/ledger-logs.ts';
import { Cosigner } from '../../../src/ledger/witnesses/cosigner.ts';
import { WitnessHealth } from '../../../src/ledger/witnesses/witness-health.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { bankOf, LedgerInstance, ledgerFolder, ledgerKeys } from '../../support/ledger/ledger-instance.ts';
import { PretendWitness } from '../../support/ledger/pretend-witness.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';
import { MovableClock } from '../../support/system/movable-clock.ts';

const keys = ledgerKeys();
const folder = ledgerFolder();
const clock = new MovableClock();
const metrics = new Metrics();
let test: TestDatabase;
let witnesses: PretendWitness[];
let registered: Witness[];
let one: LedgerInstance;
let cosigner: Cosigner;

const bank = (id: string, witnessesOfBank: readonly Witness[]): Client =>
  bankOf(id, { public: false, witnesses: witnessesOfBank });

function newCosigner(of = new Metrics()): Cosigner {
  return new Cosigner(test.database, one.clients, one.logs, one.directory, new WitnessHealth(clock, of));
}

beforeAll(async () => {
  test = await createTestDatabase();
  witnesses = [new PretendWitness('w.example/1'), new PretendWitness('w.example/2')];
  registered = await Promise.all(witnesses.map(async (one) => ({ url: await one.start(), key: one.key })));
  const clients = new Clients([bank('both', registered), bank('down', registered), bank('none', [])]);
  one = new LedgerInstance(test, folder.path, keys, clients);
  for (const id of ['both', 'down', 'none']) {
    const logs = await one.logs.openLogs(id);
    for (const witness of witnesses) witness.knows(...logs.flatMap(({ origin }) => one.signer.keysOf(origin)));
  }
  cosigner = newCosigner(metrics);
});
afterAll(async () => {
  await cosigner.onApplicationShutdown();
  await Promise.all(witnesses.map((witness) => witness.stop()));
  await test.close();
  folder.remove();
});

/** Who of the registered witnesses signed the head that is shown. */
async function signersOf(id: string): Promise<readonly string[]> {
  const log = await one.log(id);
  const shown = await one.directory.findNewest(log.folder);
  const witnessKeys = registered.map(({ key }) => key);
  const { verified } = openNote(shown!.note, [...one.signer.keysOf(log.origin), ...witnessKeys]);
  return verified.filter(({ time }) => time !== undefined).map(({ key }) => key.name);
}

describe('a head of a bank’s log', () => {
  it('is shown with the signature of each witness of the bank, and so is the head that continues it', async () => {
    for (const size of [3, 300]) {
      await storeEvidence(test, 'both', size);
      await one.advance('both');
      expect(await signersOf('both')).toEqual([]);
      await cosigner.runOnce();
      expect(await signersOf('both')).toEqual(['w.example/1', 'w.example/2']);
    }
    const { origin } = await one.log('both');
    expect(witnesses.map((witness) => witness.hasSeen(origin))).toEqual([303, 303]);
  });

  it('is cosigned in the name of each witness once, whichever instance asks', async () => {
    await storeEvidence(test, 'both');
    await one.advance('both');
    const other = newCosigner();
    await Promise.all([cosigner.runOnce(), other.runOnce()]);
    await Promise.all([cosigner.runOnce(), other.runOnce()]);
    await other.onApplicationShutdown();
    expect(await signersOf('both')).toEqual(['w.example/1', 'w.example/2']);
    const stored = await test.asOwner(`select size, witness from checkpoint_cosignature where bank = 'both'`);
    expect(stored).toHaveLength(6);
    const [id = ''] = await storeEvidence(test, 'both');
    await one.advance('both');
    await cosigner.runOnce();
    expect(await one.ledger.findCovered('both', id)).toMatchObject({
      checkpoint: expect.stringContaining('w.example/2'),
    });
  });

  it('is shown again with signatures only while no other instance publishes: it never takes the place of a larger one', async () => {
    await storeEvidence(test, 'both');
    await one.advance('both');
    const log = await one.log('both');
    await test.database.inTransaction(async (tx) => {
      expect(await tryTurn(tx, log)).toBe(true);
      await cosigner.runOnce();
      expect(await signersOf('both')).toEqual([]);
    });
    await cosigner.runOnce();
    expect(await signersOf('both')).toEqual(['w.example/1', 'w.example/2']);
  });

  it('is shown all the same where a witness is down, and cosigned when it is back', async () => {
    await storeEvidence(test, 'down', 5);
    await one.advance('down');
    witnesses[1]!.answers((response) => response.writeHead(503).end());
    await cosigner.runOnce();
    expect(await signersOf('down')).toEqual(['w.example/1']);
    expect(await metrics.exposition()).toContain('sigill_ledger_uncosigned_seconds 0');
    clock.advance(61 * MINUTE_MS);
    await cosigner.runOnce();
    expect(await metrics.exposition()).toMatch(/sigill_ledger_uncosigned_seconds 36[6-9]\d/);
    witnesses[1]!.answers();
    await cosigner.runOnce();
    // A witness that failed is asked again only after a minute.
    expect(await signersOf('down')).toEqual(['w.example/1']);
    clock.advance(MINUTE_MS);
    await cosigner.runOnce();
    expect(await signersOf('down')).toEqual(['w.example/1', 'w.example/2']);
    expect(await metrics.exposition()).toContain('sigill_ledger_uncosigned_seconds 0');
  });

  it('takes one connection at a time, however many banks have witnesses, and none to write what is shown', async () => {
    const many = Array.from({ length: 50 }, (_, at) => bank(`bank-${at}`, registered));
    const [finding, transactions] = [{ now: 0, most: 0 }, { begun: 0 }];
    const logs = {
      findLog: async (id: string, kind: LogKind) => {
        finding.most = Math.max(finding.most, (finding.now += 1));
        const found = await one.logs.findLog(id, kind);
        finding.now -= 1;
        return found;
      },
    } as unknown as LedgerLogs;
    await cosigner.runOnce();
    const counting = new Proxy(test.database, {
      get: (target, name) => {
        if (name === 'inTransaction') transactions.begun += 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const clients = new Clients([...many, bank('both', registered)]);
    const health = new WitnessHealth(clock, new Metrics());
    const counted = new Cosigner(counting, clients, logs, one.directory, health);
    await counted.runOnce();
    await counted.onApplicationShutdown();
    expect([finding.most, transactions.begun]).toEqual([1, 0]);
  });

  it('is shown and proved without lines that no witness signed, whoever wrote them into the database', async () => {
    const [id = ''] = await storeEvidence(test, 'both');
    await one.advance('both');
    const log = await one.log('both');
    const { size, note } = (await one.directory.findNewest(log.folder))!;
    const [first] = registered;
    const forged = { keyId: first!.key.keyId, octets: Buffer.alloc(72, 1) };
    const lines = [
      [`w.example/1+${first!.key.keyId}`, formatSignature({ name: 'w.example/1', ...forged })],
      ['stranger+00000000', formatSignature({ ...forged, name: log.origin })],
      ['nobody+00000000', 'no line\n'],
    ];
    for (const [witness, line] of lines)
      await test.asOwner(
        `insert into checkpoint_cosignature (bank, kind, size, witness, line) values ('both', 'evidence', $1, $2, $3)`,
        [size, witness, line],
      );
    await cosigner.runOnce();
    expect(await signersOf('both')).toEqual(['w.example/2']);
    const covered = await one.ledger.findCovered('both', id);
    const shown = (await one.directory.findNewest(log.folder))!.note.toString();
    expect(covered).toMatchObject({ checkpoint: shown });
    expect(shown.slice(note.toString().length)).toMatch(/^\u2014 w\.example\/2 \S+\n$/);
    await storeEvidence(test, 'both');
    await one.advance('both');
    clock.advance(MINUTE_MS);
    await cosigner.runOnce();
    expect(await signersOf('both')).toEqual(['w.example/1', 'w.example/2']);
  });

  it('is brought to a witness that failed while the clock was ahead, as soon as it is set back', () => {
    const now = { at: new Date('2027-12-01T09:00:00Z') };
    const health = new WitnessHealth({ now: () => now.at }, new Metrics());
    health.failed('w.example/1', 'unreachable');
    expect(health.isDue('w.example/1')).toBe(false);
    now.at = new Date('2026-12-01T09:00:00Z');
    expect(health.isDue('w.example/1')).toBe(true);
  });

  it('of a bank without witnesses is shown with the log’s own signature', async () => {
    await storeEvidence(test, 'none');
    await one.advance('none');
    await cosigner.runOnce();
    expect(await signersOf('none')).toEqual([]);
  });
});
