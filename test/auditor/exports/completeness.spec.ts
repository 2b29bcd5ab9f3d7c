import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ExportLedger } from '../../../src/compliance/export/ledger/export-ledger.ts';
import { parseExportRequest, type ExportRequest, type ExportWords } from '../../../src/compliance/export-request.ts';
import type { Exports } from '../../../src/compliance/exports.ts';
import { parseCheckpoint } from '../../../src/crypto/tlog/checkpoint.ts';
import { openNote } from '../../../src/crypto/tlog/note.ts';
import { RangeVerifier } from '../../../src/crypto/tlog/range-proof.ts';
import { parseVerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';
import { findLedgerLine, findLedgerRange, type LedgerLine } from '../../../src/evidence-files/ledger-lines.ts';
import { addMs } from '../../../src/kernel/clock.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { tamper } from '../../support/database/tamper.ts';
import { unzip } from '../../support/evidence/checked-export.ts';
import { EvidenceSteps, recordOf } from '../../support/evidence/evidence-steps.ts';
import { exportParts } from '../../support/evidence/export-parts.ts';
import { Sealing } from '../../support/seals/sealing.ts';

const DAY = { from: '2026-11-22', to: '2026-11-23', purpose: 'audit' };

interface LedgerOfExport {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly section: Readonly<Record<string, unknown>> | null;
  readonly lines: readonly LedgerLine[];
  readonly isProved: boolean;
  readonly names: readonly string[];
}

describe('the numbers of the ledger that an export answers for', () => {
  let steps: EvidenceSteps;
  let sealing: Sealing;
  let exports: Exports;

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    ({ exports } = exportParts(steps, sealing.seals));
  }, 120_000);
  afterAll(() => steps.stop());

  const advance = (bank: string): Promise<void> => steps.advanceLedger(bank);
  /** Evidence that authorised nothing. */
  async function unaccepted(bank: string, kind: 'refused' | 'surplus'): Promise<void> {
    const signed = await steps.sign({ bank });
    await steps.database.database.inTransaction(async (tx) => {
      await steps.keepAnswer(tx, signed);
      const { report } = steps.verified(signed);
      await steps.store.appendUnaccepted(tx, await steps.keyOf(signed, tx), kind, { report, record: recordOf(signed) });
    });
  }

  /** On another day. */
  async function atDay<T>(day: number, run: () => Promise<T>): Promise<T> {
    const now = steps.clock.now();
    steps.clock.stopAt(addMs(now, day * 86_400_000));
    const done = await run();
    steps.clock.stopAt(now);
    return done;
  }

  async function write(request: ExportRequest): Promise<Buffer> {
    const out = new PassThrough();
    const [zip] = await Promise.all([buffer(out), exports.writeExport(request, out)]);
    return zip;
  }

  const run = async (change: Partial<ExportWords>, words = DAY): Promise<LedgerOfExport> =>
    read(await write(requestOf(change, words)));

  it('are all between the first and the last of its period, each exported or omitted with its reason, and lead to the head', async () => {
    const bank = 'bank-l';
    await atDay(-2, () => steps.accept({ bank }));
    await advance(bank);
    await unaccepted(bank, 'refused');
    await advance(bank);
    const first = await steps.accept({ bank, clientId: 'shop-a' });
    await advance(bank);
    const other = await steps.accept({ bank, clientId: 'shop-b' });
    await advance(bank);
    await steps.database.asOwner(
      `insert into ledger_leaf (bank, number, kind, digest) values ($1, 5, 'lost', sha256('lost'))`,
      [bank],
    );
    await unaccepted(bank, 'surplus');
    await advance(bank);
    // Stored late: its number stands among those of the period.
    await atDay(-1, () => steps.accept({ bank }));
    await advance(bank);
    const erased = await steps.accept({ bank, clientId: 'shop-a' });
    await advance(bank);
    const last = await steps.accept({ bank, clientId: 'shop-a' });
    await advance(bank);
    await unaccepted(bank, 'refused');
    await atDay(1, () => steps.accept({ bank }));
    await advance(bank);
    await steps.database.asOwner('delete from data_key where subject = $1', [consentSubject(bank, erased.consentId)]);

    const all = await run({ bank });
    expect(all.lines.map(said)).toEqual([
      `3 ${first.consentId}`,
      `4 ${other.consentId}`,
      '5 lost',
      '6 surplus',
      '7 outside-period',
      '8 erased',
      `9 ${last.consentId}`,
    ]);
    expect(all.lines[0]?.digest).toEqual(first.digest);
    expect(all.isProved).toBe(true);
    expect(all.section).toMatchObject({
      ...{ first: 3, last: 9, size: 9, exported: 3 },
      omitted: { lost: 1, surplus: 1, 'outside-period': 1, erased: 1 },
    });
    expect(all.manifest['noLedger']).toBeNull();

    const ofShop = await run({ bank, tpp: 'shop-a' });
    expect(ofShop.lines.map(said)[1]).toBe('4 other-tpp');
    expect(ofShop.section).toMatchObject({ first: 3, last: 9, exported: 2, omitted: { 'other-tpp': 1 } });
    expect(ofShop.isProved).toBe(true);

    const one = await run({ bank, consent: other.consentId });
    expect(one.lines.map(said)).toEqual([`4 ${other.consentId}`]);
    expect([one.isProved, one.section?.['exported']]).toEqual([true, 1]);
    // Nothing of what is omitted is told but its digest.
    expect(JSON.stringify([ofShop.lines.map(said), ofShop.section])).not.toContain(other.consentId);
  }, 60_000);

  it('are compared by sigill verify with the checkpoint that a bank kept', async () => {
    const bank = 'bank-verifies';
    for (let n = 0; n < 3; n += 1) await steps.accept({ bank });
    await advance(bank);
    const work = mkdtempSync(join(tmpdir(), 'sigill-complete-'));
    const file = (name: string, content: string | Buffer): string => {
      writeFileSync(join(work, name), content);
      return join(work, name);
    };
    const zip = await write(requestOf({ bank }));
    const kept = (await read(zip)).section?.['checkpoint'] as string;
    const [root, issuers] = [
      file('root', steps.pki.relyingParty.signatureRootPem),
      file('ca', sealing.services.rootPem),
    ];
    const trust = ['--trust-unpinned', root, '--seal-trust', issuers, '--tsa-trust', issuers];
    const verify = (...options: readonly string[]) =>
      runCli('verify', file('export.zip', zip), ...trust, '--checkpoint', file('kept', kept), ...options);
    const { code, stdout } = await verify();
    expect(stdout).toContain('complete: proved; numbers 1 to 3 of the ledger: 3 exported\n');
    expect(code).toBe(0);
    expect(JSON.parse((await verify('--json')).stdout)).toMatchObject({
      complete: { state: 'proved', first: 1, last: 3, exported: 3, omitted: {} },
      ledger: { state: 'proved', number: 3, size: 3 },
    });
    rmSync(work, { recursive: true });
  });

  it('include lost ones beside the period, and in a period of which all is lost: nothing says of when they are', async () => {
    const bank = 'bank-lost';
    await atDay(-1, () => steps.accept({ bank }));
    await advance(bank);
    const lose = (number: number): Promise<unknown> =>
      steps.database.asOwner(
        `insert into ledger_leaf (bank, number, kind, digest) values ($1, $2, 'lost', sha256('x'))`,
        [bank, number],
      );
    await lose(2);
    await lose(3);
    await advance(bank);
    await atDay(1, () => steps.accept({ bank }));
    await advance(bank);
    const day = await run({ bank });
    expect(day.lines.map(said)).toEqual(['2 lost', '3 lost']);
    expect([day.isProved, day.section?.['exported']]).toEqual([true, 0]);
    const before = await run({ bank }, { ...DAY, from: '2026-11-21', to: '2026-11-22' });
    expect(before.lines.map(({ number }) => number)).toEqual([1, 2, 3]);
    const after = await run({ bank }, { ...DAY, from: '2026-11-23', to: '2026-11-24' });
    expect(after.lines.map(({ number }) => number)).toEqual([2, 3, 4]);
  }, 60_000);

  it('are none, and the manifest says why, where no evidence authorised anything, or no bank is named', async () => {
    const [empty, every] = [await run({ bank: 'bank-empty' }), await run({})];
    expect([empty.section, empty.manifest['noLedger']]).toEqual([null, 'nothing-authorised']);
    expect([every.section, every.manifest['noLedger']]).toEqual([null, 'several-banks']);
    for (const { names } of [empty, every]) expect(names.filter((name) => name.startsWith('ledger'))).toEqual([]);
  });

  it('name the evidence whose rows the owner of the database removed, also at the edges of the period', async () => {
    const bank = 'bank-owner';
    const consents = [];
    for (let n = 0; n < 4; n += 1) consents.push(await steps.accept({ bank }));
    await advance(bank);
    const numbers = await steps.database.asOwner(
      'select evidence_id from ledger_leaf where bank = $1 order by number',
      [bank],
    );
    for (const at of [0, 2, 3]) {
      const id = numbers[at]?.['evidence_id'];
      await tamper(steps.database, 'authorisation', 'delete from authorisation where evidence_id = $1', [id]);
      await tamper(steps.database, 'evidence', 'delete from evidence where id = $1', [id]);
    }
    const { lines, isProved, section } = await run({ bank });
    expect(lines.map(({ number, ...line }) => [number, 'omitted' in line && line.omitted])).toEqual([
      [1, 'lost'],
      [2, false],
      [3, 'lost'],
      [4, 'lost'],
    ]);
    expect([isProved, section?.['omitted']]).toEqual([true, { lost: 3 }]);
  });

  it.each([
    ['a leaf was removed', 'delete from ledger_leaf where bank = $1 and number = 2'],
    ['the last leaf was removed', 'delete from ledger_leaf where bank = $1 and number = 3'],
    ['a leaf was changed', `update ledger_leaf set digest = sha256('x') where bank = $1 and number = 2`],
    [
      'two leaves were exchanged',
      `update ledger_leaf a set digest = b.digest from ledger_leaf b
        where a.bank = $1 and b.bank = $1 and a.number in (1, 2) and b.number = 3 - a.number`,
    ],
  ])('are refused, and no export is made, where %s', async (what, sql) => {
    const bank = `bank-${what.replaceAll(' ', '-')}`;
    for (let n = 0; n < 3; n += 1) await steps.accept({ bank });
    await advance(bank);
    await tamper(steps.database, 'ledger_leaf', sql, [bank]);
    // What is not numbered is waited for.
    await expect(
      what.includes('removed') ? steps.get(ExportLedger).find(requestOf({ bank }), 0) : run({ bank }),
    ).rejects.toThrow(/has no number|leaves of its numbers|not those of its consents/);
  });

  it('are waited for, and then refused by name, where evidence has no number or no published head has it', async () => {
    const bank = 'bank-waiting';
    await steps.accept({ bank });
    const find = (patienceMs: number): Promise<unknown> =>
      steps.get(ExportLedger).find(requestOf({ bank }), patienceMs);
    await expect(find(0)).rejects.toMatchObject({ code: 'ledger.unavailable' });
    await steps.get(Sequencer).runOnce();
    await expect(find(0)).rejects.toMatchObject({ code: 'ledger.unavailable' });
    const waiting = find(20_000);
    await advance(bank);
    expect(await waiting).toMatchObject({ covered: { first: 1, last: 1 } });
  });
});

function requestOf(change: Partial<ExportWords>, words: ExportWords = DAY): ExportRequest {
  return parseExportRequest({ ...words, ...change }, 'operator:eva');
}

function said(line: LedgerLine): string {
  return `${line.number} ${'folder' in line ? consentIn(line) : line.omitted}`;
}

async function read(zip: Buffer): Promise<LedgerOfExport> {
  const files = await unzip(zip);
  const manifest = JSON.parse(String(files.get('manifest.json'))) as Record<string, unknown>;
  const section = manifest['ledger'] as Record<string, string> | null;
  const text = files.get('ledger.jsonl')?.toString() ?? '';
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => findLedgerLine(line)!);
  return {
    manifest,
    section,
    lines,
    names: [...files.keys()],
    isProved: section !== null && leads(section, lines, files),
  };
}

/** From its checkpoint's signature to each of its lines. */
function leads(
  section: Readonly<Record<string, string>>,
  lines: readonly LedgerLine[],
  files: ReadonlyMap<string, Buffer>,
): boolean {
  const { text } = openNote(Buffer.from(section['checkpoint'] ?? ''), [parseVerifierKey(section['key'] ?? '')]);
  const head = parseCheckpoint(text);
  expect([head.origin, head.size, head.root.toString('base64')]).toEqual([
    section['origin'],
    section['size'],
    section['root'],
  ]);
  const { range, proof } = findLedgerRange(files.get('ledger-range.json')!)!;
  const verifier = new RangeVerifier(range, proof);
  for (const { digest } of lines) verifier.append(digest);
  return range.size === head.size && verifier.leadsTo(head.root);
}

/** By the folder, which begins with the number and the day. */
function consentIn({ number, folder }: { readonly number: number; readonly folder: string }): string {
  const [, from, consentId = ''] = /^(\d{6})_\d{4}-\d\d-\d\d_(.*)$/.exec(folder) ?? [];
  expect(from).toBe(String(number).padStart(6, '0'));
  return consentId;
}
