import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clients } from '../../../src/clients/clients.ts';
import { parseVerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';
import { openNote } from '../../../src/crypto/tlog/note.ts';
import type { FsckReport } from '../../../src/ledger/ledger-fsck.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';
import { tamper } from '../../support/database/tamper.ts';
import { bankOf, LedgerInstance, ledgerFolder, ledgerKeys } from '../../support/ledger/ledger-instance.ts';
import { storeEvidence } from '../../support/ledger/stored-evidence.ts';

const keys = ledgerKeys();
const folder = ledgerFolder();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

/** A log of 260 leaves with three heads, and two audit leaves. */
async function grown(bank: string): Promise<LedgerInstance> {
  const one = new LedgerInstance(test, folder.path, keys, new Clients([bankOf(bank)]));
  for (const more of [3, 255, 2]) {
    await storeEvidence(test, bank, more);
    await one.advance(bank);
  }
  const subject = `consent:${bank}:${randomUUID()}`;
  for (let leaf = 0; leaf < 2; leaf += 1) {
    await test.asOwner(`insert into audit_event (subject, event) values ($1, '{"type":"consent.authorised"}')`, [
      subject,
    ]);
    await one.audit.close(bank, 0);
    await one.advance(bank, 'audit');
  }
  return one;
}

/** The faults as words, in the order in which they were found. */
const words = ({ faults }: FsckReport, bank: string): readonly string[] =>
  faults
    .filter((fault) => fault.bank === bank)
    .map(({ log, fault, number, size, detail }) =>
      [log === 'audit' ? 'audit' : '', fault, number ?? size ?? '', detail?.replace(/^consent:\S+/, 'chain') ?? '']
        .join(' ')
        .trim()
        .replace(/ +/g, ' '),
    );

async function faultsAfter(bank: string, harm: (one: LedgerInstance) => Promise<unknown>): Promise<readonly string[]> {
  const one = await grown(bank);
  expect(words(await one.fsck.run(), bank)).toEqual([]);
  await harm(one);
  const report = await new LedgerInstance(test, folder.path, keys, one.clients).fsck.run();
  expect(report.faultCount).toBe(report.faults.length);
  return words(report, bank);
}

const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[40] = bytes[40]! ^ 1;
  writeFileSync(path, bytes);
};

describe('the comparison of a log', () => {
  it('finds nothing in one that is whole, and says what it looked at', async () => {
    const one = await grown('whole');
    expect(await one.fsck.run()).toEqual({
      checkedAt: expect.stringMatching(/Z$/) as unknown,
      logs: [
        { bank: 'whole', log: 'evidence', leaves: 260, lost: 0, timestampGaps: [] },
        { bank: 'whole', log: 'audit', leaves: 2, lost: 0, timestampGaps: [] },
      ],
      faultCount: 0,
      faults: [],
    });
  });

  it('names a database that was rolled back', async () => {
    const faults = await faultsAfter('rolled', async () => {
      await tamper(
        test,
        'checkpoint',
        `delete from checkpoint where bank = 'rolled' and kind = 'evidence' and size > 3`,
      );
      await tamper(test, 'ledger_leaf', `delete from ledger_leaf where bank = 'rolled' and number > 3`);
    });
    expect(faults).toEqual(['rolled-back 260']);
  });

  it('names chains of audit events that no leaf covers', async () => {
    const faults = await faultsAfter('uncovered', () =>
      test.asOwner(
        `insert into audit_event (subject, event, recorded_at)
         values ('consent:uncovered:1', '{"type":"consent.authorised"}', now() - interval '3 hours')`,
      ),
    );
    expect(faults).toEqual(['audit audit-uncovered 1']);
  });

  it('names a row that was removed, a leaf that was changed, evidence that is not that of its leaf or has none', async () => {
    const faults = await faultsAfter('rows', async () => {
      const set = (number: number, what: string): Promise<unknown> =>
        tamper(test, 'ledger_leaf', `${what} where bank = 'rows' and number = $1`, [number]);
      const [four, five] = await test.asOwner(
        `select evidence_id from ledger_leaf where bank = 'rows' and number in (4, 5) order by number`,
      );
      await set(3, `update ledger_leaf set digest = sha256('x')`);
      await tamper(test, 'evidence', `update evidence set digest = sha256('x') where id = $1`, [four?.['evidence_id']]);
      await tamper(test, 'evidence', 'delete from evidence where id = $1', [five?.['evidence_id']]);
      await set(7, 'delete from ledger_leaf');
      const [id] = await storeEvidence(test, 'rows');
      await tamper(test, 'evidence', `update evidence set stored_at = stored_at - interval '2 minutes' where id = $1`, [
        id,
      ]);
      await tamper(test, 'ledger_pending', 'delete from ledger_pending where evidence_id = $1', [id]);
    });
    expect(faults).toEqual([
      expect.stringMatching(/^unnumbered [12]$/),
      'evidence-changed 3',
      'evidence-changed 4',
      'evidence-missing 5',
      'leaf-changed 3',
      'number-missing 7',
    ]);
  });

  it('names two heads for one size, a head that is not kept or has no row, and one that we did not sign', async () => {
    const faults = await faultsAfter('heads', async (one) => {
      const log = await one.log('heads');
      const at = (size: number): string => join(folder.path, log.folder, 'checkpoints', String(size).padStart(20, '0'));
      writeFileSync(at(258), await one.signer.sign({ origin: log.origin, size: 258, root: Buffer.alloc(32, 1) }));
      rmSync(at(3));
      await tamper(test, 'checkpoint', `delete from checkpoint where bank = 'heads' and kind = 'audit' and size = 1`);
      const stranger = new LedgerInstance(test, folder.path, ledgerKeys());
      const { root } = (await one.directory.findCheckpoint(log.folder, 260))!;
      const note = await stranger.signer.sign({ origin: log.origin, size: 260, root });
      await tamper(test, 'checkpoint', `update checkpoint set note = $1 where bank = 'heads' and size = 260`, [note]);
    });
    expect(faults).toEqual(['head-not-kept 3', 'two-heads 258', 'head-unsigned 260', 'audit head-missing 1']);
  });

  it('names a head whose root is not that of the leaves, though key, database and folder agree', async () => {
    const faults = await faultsAfter('root', async (one) => {
      const log = await one.log('root');
      for (const size of [258, 260]) {
        const head = { origin: log.origin, size, root: Buffer.alloc(32, size) };
        const note = await one.signer.sign(head);
        writeFileSync(join(folder.path, log.folder, 'checkpoints', String(size).padStart(20, '0')), note);
        const set = `update checkpoint set note = $1, root = $2 where bank = 'root' and kind = 'evidence' and size = $3`;
        await tamper(test, 'checkpoint', set, [note, head.root, size]);
      }
    });
    // Every later head is wrong too, and the first is named.
    expect(faults).toEqual(['tile-changed 258', 'tile-changed 260', 'head-root 258']);
  });

  it('names tiles and entries that were changed or removed', async () => {
    const faults = await faultsAfter('tiles', async (one) => {
      const path = join(folder.path, (await one.log('tiles')).folder);
      for (const file of ['tile/0/000', 'tile/entries/001.p/4']) flip(join(path, file));
      rmSync(join(path, 'tile/1/000.p/1'));
    });
    expect(faults).toEqual([
      'tile-missing 258 tile/1/000.p/1',
      'tile-missing 260 tile/1/000.p/1',
      'tile-changed tile/0/000',
      'tile-changed tile/entries/001.p/4',
      'tile-missing tile/1/000.p/1',
    ]);
  });

  it('names a list of chains that was changed, and events that were changed or cut off', async () => {
    const faults = await faultsAfter('chains', async () => {
      const set = `update ledger_audit_head set hash = sha256('x') where bank = 'chains' and number = 1`;
      await tamper(test, 'ledger_audit_head', set);
      await tamper(test, 'audit_event', `delete from audit_event where subject like 'consent:chains:%' and seq = 2`);
    });
    expect(faults).toEqual([
      'audit audit-list-changed 1',
      'audit audit-event-changed 1 chain 1',
      'audit audit-event-missing 2 chain 2',
    ]);
  });

  it('names a folder that is gone, and one that has lost what it had', async () => {
    const away = `${folder.path}-away`;
    const faults = await faultsAfter('folder', () => {
      renameSync(folder.path, away);
      return Promise.resolve();
    });
    expect(faults).toEqual(['directory gone', 'audit directory gone']);
    mkdirSync(folder.path);
    const lost = await new LedgerInstance(test, folder.path, keys, new Clients([bankOf('folder')])).fsck.run();
    rmSync(folder.path, { recursive: true });
    renameSync(away, folder.path);
    expect(words(lost, 'folder')).toEqual(expect.arrayContaining(['directory-lost', 'audit directory-lost']));
  });
});

describe('the status of a log', () => {
  it('has the key that opens its checkpoints', async () => {
    const one = await grown('status');
    const [evidence, audit] = (await one.status.read()).filter(({ bank }) => bank === 'status');
    expect(evidence).toMatchObject({ bank: 'status', leaves: 260, head: { size: 260, cosignedBy: [] }, kept: 260 });
    expect(audit).toMatchObject({ log: 'audit', leaves: 2, kept: 2 });
    const { note } = (await one.directory.findNewest((await one.log('status')).folder))!;
    const [key = ''] = evidence?.keys ?? [];
    expect(openNote(note, [parseVerifierKey(key)]).text.split('\n')[0]).toBe(evidence?.origin);
  });
});
