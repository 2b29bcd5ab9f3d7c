import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportFormat } from '../../../src/compliance/export-request.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { writeZip } from '../../support/evidence/evidence-export.ts';
import { FormatExports } from '../../support/evidence/formats/format-exports.ts';
import { foldersOf } from '../../support/evidence/formats/line-export.ts';

describe('sigill verify, of an export of each format', () => {
  let exports: FormatExports;

  beforeAll(async () => {
    exports = await FormatExports.start();
  }, 120_000);
  afterAll(() => exports.stop());

  it.each<[ExportFormat, object]>([
    ['folders', { code: 0, indication: 'TOTAL-PASSED', evidences: 3 }],
    ['bundles', { code: 0, indication: 'TOTAL-PASSED', evidences: 3 }],
    ['jsonl', { code: 0, indication: 'TOTAL-PASSED', evidences: 3 }],
    // Seal, lists and ledger decide alone, and it is said that no signature was verified.
    ['list', { code: 0, indication: undefined, evidences: 0, signatures: 'none' }],
  ])('%s: finds nothing wrong, and that it is complete', async (format, expected) => {
    expect(await exports.verify(await exports.exported(format))).toEqual({
      warnings: [],
      complete: 'proved',
      ...expected,
    });
  });

  it.each<[string, (text: string) => string]>([
    ['an event is removed', (text) => text.replace(/^\{"event".*\n/m, '')],
    ['an event is changed', (text) => text.replace('"actor":"service"', '"actor":"servicf"')],
    ['its end is cut off', (text) => text.replace(/\{"event"[^\n]*\n(?=\{"auditLeaf")/, '')],
    [
      'its head is that of another consent',
      (text) => text.replace(/"subject":"consent:[^"]+"/, '"subject":"consent:bank-a:x"'),
    ],
    ['its head is removed', (text) => text.replace(/\{"auditLeaf".*\n$/, '')],
  ])('names a chain of events where %s, although all sums fit', async (_, change) => {
    const files = await exports.exported('folders');
    const answer = await exports.verify(
      await exports.forged(files, 'audit.jsonl', (bytes) => Buffer.from(change(String(bytes)))),
    );
    expect(answer.code).toBe(1);
    expect(answer.warnings).toEqual([expect.stringMatching(/^audit\.chain-broken: 00000\d_.*\/audit\.jsonl$/)]);
  });

  it('names a bundle that is missing, of other evidence or changed, and what was added beside it', async () => {
    const files = await exports.exported('bundles');
    const bundles = [...files].filter(([name]) => name.endsWith('/evidence.asice'));
    const gone = await exports.verify(await exports.forged(files, 'evidence.asice', () => undefined));
    expect([gone.code, gone.warnings[0]]).toEqual([1, expect.stringMatching(/^folder\.without-evidence: 00000/)]);
    const other = await exports.verify(await exports.forged(files, 'evidence.asice', () => bundles.at(-1)![1]));
    expect(other.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^folder\.consent-twice/),
        expect.stringMatching(/^folder\.name-differs/),
        expect.stringMatching(/^ledger\.digest-differs/),
      ]),
    );
    const cut = await exports.verify(await exports.forged(files, 'evidence.asice', (bytes) => bytes.subarray(0, -30)));
    expect([other.code, cut.code]).toEqual([1, 1]);
    const added = new Map(files).set(bundles[0]![0].replace('evidence.asice', 'note.txt'), Buffer.from('x'));
    expect((await exports.verify(added)).warnings).toEqual([
      expect.stringMatching(/^manifest\.file-not-listed: .*note\.txt$/),
    ]);
  });

  it('names evidence in the folders of what is called a list, which would pass for all of it', async () => {
    const files = await exports.exported('folders');
    const [folder = ''] = foldersOf(files);
    const papers = [...files].filter(([name]) => name.startsWith(folder) || /^[^/]+$|\.txt$/.test(name));
    const answer = await exports.verify(await exports.listed(new Map(papers), 'x', undefined, { format: 'list' }));
    expect(answer.warnings).toContain(`folder.evidence-unexpected: ${folder}`);
    expect(answer.code).toBe(1);
  });

  it('names a paper of a list that was changed or removed, and a line whose digest is not that of the ledger', async () => {
    const files = await exports.exported('list');
    const changed = await exports.verify(
      new Map(files).set(
        [...files.keys()].find((name) => name.endsWith('.txt'))!,
        Buffer.from('x'),
      ),
    );
    expect([changed.code, changed.warnings]).toEqual([1, [expect.stringMatching(/^manifest\.file-changed: 00000/)]]);
    const digest = /"digest":"([^"]{43})"/.exec(String(files.get('ledger.jsonl')))![1]!;
    const index = Buffer.from(String(files.get('index.csv')).replace(digest, 'A'.repeat(43)));
    const answer = await exports.verify(new Map(files).set('index.csv', index));
    expect(answer.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^ledger\.digest-differs: 00000/)]));
    expect([answer.code, answer.complete]).toEqual([1, 'unsound']);
  });

  it('says of a list in words that it holds no signatures and what was checked, and decides nothing under a foreign seal', async () => {
    const path = await writeZip(join(exports.work, 'list.zip'), await exports.exported('list'));
    const text = async (...words: readonly string[]) => runCli('verify', path, ...words);
    const english = await text(...exports.trust);
    expect([english.code, english.stdout]).toEqual([0, expect.stringMatching(/^NO SIGNATURES\n0 examined\n/)]);
    expect(english.stdout).toContain('signatures: none, a list holds no evidence; checked are its seal');
    expect((await text(...exports.trust, '--lang', 'sv')).stdout).toMatch(
      /^INGA UNDERSKRIFTER\n[^]*underskrifter: inga/,
    );
    const line = await text(...exports.trust, '--jsonl');
    expect(JSON.parse(line.stdout)).toMatchObject({
      ...{ evidences: 0, signatures: 'none', warnings: [], seal: { state: 'sound' } },
      checked: ['seal', 'files', 'indexes', 'sums', 'ledger'],
    });
    expect(line.stdout).not.toContain('indication');
    await text(...exports.trust, '--html', join(exports.work, 'list.html'));
    expect(readFileSync(join(exports.work, 'list.html'), 'utf8')).toContain('NO SIGNATURES');
    const untrusted = await text(...exports.rootOnly, '--json');
    expect([untrusted.code, untrusted.stdout]).toEqual([2, expect.stringContaining('"state":"untrusted"')]);
  });

  it('names sums of a list that are not those of its index, and evidence in it', async () => {
    const files = await exports.exported('list');
    const sums = await exports.verify(await exports.listed(files, 'x', undefined, { sums: { SEK: '1.00' } }));
    expect([sums.code, sums.warnings]).toEqual([1, ['manifest.sums-differ']]);
    const lines = (await exports.exported('jsonl')).get('evidence.jsonl');
    const mixed = await exports.verify(await exports.listed(files, 'evidence.jsonl', lines));
    expect([mixed.code, mixed.warnings]).toEqual([1, ['lines.unexpected: evidence.jsonl']]);
    expect([mixed.evidences, mixed.signatures]).toEqual([3, undefined]);
  });

  it('verifies each line of a jsonl under the name of its folder, packed again too, and decides nothing under a foreign seal', async () => {
    const files = await exports.exported('jsonl');
    const path = await writeZip(join(exports.work, 'packed.zip'), files, true);
    const { code, stdout } = await runCli('verify', path, ...exports.trust, '--jsonl');
    const named = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { folder: unknown }).folder);
    expect([code, named]).toEqual([0, [...foldersOf(files), null]]);
    const untrusted = await runCli('verify', path, ...exports.rootOnly, '--json');
    expect(untrusted.code).toBe(2);
    const bytes = readFileSync(path);
    const inside = bytes.indexOf('evidence.jsonl') + 2000;
    writeFileSync(path, bytes.fill(bytes[inside]! ^ 0xff, inside, inside + 1));
    const damaged = await runCli('verify', path, ...exports.trust, '--json');
    // The deflated octet damages a line or all that follows: what was read before it has a verdict, or nothing has.
    expect([1, 66]).toContain(damaged.code);
    expect(damaged.stdout).toContain('archive.file-refused: evidence.jsonl');
  });

  it.each<[string, (lines: string[]) => readonly string[], readonly string[]]>([
    ['missing', ([one, , three]) => [one!, three!], ['lines.missing: 2']],
    [
      'doubled',
      ([one, two, three]) => [one!, two!, ...Array.from({ length: 6 }, () => two!), three!],
      [3, 4, 5, 6, 7, 8].map((n) => `lines.twice: 2 (evidence.jsonl ${n})`),
    ],
    ['exchanged', ([one, two, three]) => [one!, three!, two!], ['lines.misplaced: 2 (evidence.jsonl 3)']],
    [
      'changed in what was signed',
      ([one, two, three]) => [one!, two!.replace('"creditorName":"', '"creditorName":"X'), three!],
      ['lines.missing: 2'],
    ],
    [
      'changed in its digest',
      ([one, two, three]) => [one!, two!.replace(/"evidenceDigest":"..../, '"evidenceDigest":"AAAA'), three!],
      ['lines.missing: 2'],
    ],
    [
      'given a member of its own',
      ([one, two, three]) => [one!, two!.replace('{', '{"a":1,'), three!],
      ['lines.missing: 2'],
    ],
    [
      'made something else',
      ([one, , three]) => [one!, '{}\n', three!],
      ['lines.malformed: evidence.jsonl 2', 'lines.missing: 2'],
    ],
    ['added without content', (lines) => [...lines, '\n'], ['lines.malformed: evidence.jsonl 4']],
    [
      'added at a length that no evidence has',
      (lines) => [`${'x'.repeat(1_000_001)}\n`, ...lines],
      ['lines.malformed: evidence.jsonl 1'],
    ],
    [
      'cut off',
      ([one, two, three]) => [one!, two!, three!.trimEnd()],
      ['lines.malformed: evidence.jsonl 3', 'lines.missing: 3'],
    ],
  ])('names a line of a jsonl that was %s, although manifest and seal fit', async (_, change, expected) => {
    const files = await exports.exported('jsonl');
    const lines = String(files.get('evidence.jsonl')).match(/[^\n]*\n/g)!;
    const answer = await exports.verify(
      await exports.listed(files, 'evidence.jsonl', Buffer.from(change(lines).join(''))),
    );
    const folders = foldersOf(files);
    const named = expected.map((warning) => warning.replace(/: (\d)/, (_all, n) => `: ${folders[Number(n) - 1]!}`));
    expect([answer.code, answer.warnings]).toEqual([1, named.toSorted()]);
    // A consent without a line was not compared with its number; a line too many is no other number.
    const isAllThere = !expected.some((warning) => warning.startsWith('lines.missing'));
    expect(answer.complete).toBe(isAllThere ? 'proved' : 'exporters-word');
  });

  it('names evidence.jsonl if it is removed, a chain of events that is broken beside it, and an index that says another amount', async () => {
    const files = await exports.exported('jsonl');
    const gone = await exports.verify(await exports.listed(files, 'evidence.jsonl', undefined));
    expect([gone.code, gone.warnings]).toEqual([1, Array(3).fill(expect.stringMatching(/^lines\.missing: 00000/))]);
    const removed = /^\{"event".*\n/m;
    const broken = await exports.verify(
      await exports.forged(files, 'audit.jsonl', (bytes) => Buffer.from(String(bytes).replace(removed, ''))),
    );
    expect([broken.code, broken.warnings]).toEqual([1, [expect.stringMatching(/^audit\.chain-broken: 00000/)]]);
    const digest = /"digest":"([^"]{43})"/.exec(String(files.get('ledger.jsonl')))![1]!;
    const index = String(files.get('index.csv')).replace(digest, 'A'.repeat(43));
    const other = await exports.verify(await exports.listed(files, 'index.csv', Buffer.from(index)));
    const row = `index.row-differs: ${foldersOf(files)[0]!} (evidence_digest)`;
    expect(other.warnings).toEqual([row, 'index.sheet-differs']);
  });

  it('names a line of a consent that the export has no folder of, and a line that is not what the ledger has of its number', async () => {
    const files = await exports.exported('jsonl');
    await exports.steps.accept();
    await exports.steps.advanceLedger('bank-a');
    const later = await exports.exported('jsonl');
    const added = await exports.verify(await exports.listed(files, 'evidence.jsonl', later.get('evidence.jsonl')));
    expect([added.code, added.warnings]).toEqual([1, [expect.stringMatching(/^lines\.unknown: evidence\.jsonl \d$/)]]);
    const digest = /"digest":"([^"]{43})"/.exec(String(files.get('ledger.jsonl')))![1]!;
    const ledger = Buffer.from(String(files.get('ledger.jsonl')).replace(digest, 'A'.repeat(43)));
    const other = await exports.verify(await exports.listed(files, 'ledger.jsonl', ledger));
    expect(other.warnings).toEqual([expect.stringMatching(/^ledger\.digest-differs: 00000/), 'ledger.root-differs']);
    expect([other.code, other.complete]).toEqual([1, 'unsound']);
  });
});
