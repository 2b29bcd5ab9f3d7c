import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOLDER_LIST } from '../../../src/evidence-files/evidence-folder.ts';
import {
  exportOf,
  folderFor,
  folderOf,
  ONE,
  TWO,
  writeFolder,
  writeZip,
  type ExportChanges,
  type FolderFiles,
  trustsSeals,
} from '../../support/evidence/evidence-export.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { makeVector } from '../../support/vectors/vector.ts';
import { zipOf } from '../../support/evidence/zip-writer.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-exports-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const vector = makeVector();
const root = join(work, 'root.pem');
writeFileSync(root, vector.rootPem);
const folders = { [ONE]: folderOf(vector), [TWO]: folderFor(TWO) };

interface Found {
  readonly code: number;
  readonly matches: unknown;
  readonly warnings: readonly string[];
}

async function verify(path: string): Promise<Found> {
  const { code, stdout } = await runCli('verify', path, '--trust-unpinned', root, ...trustsSeals(work), '--json');
  const { matches, warnings } = JSON.parse(stdout) as Omit<Found, 'code'>;
  return { code, matches, warnings };
}

let count = 0;
/** As a ZIP and as a directory: both must say the same. */
async function verifyBoth(files: FolderFiles): Promise<Found> {
  count += 1;
  const zipped = await verify(await writeZip(join(work, `${count}.zip`), files));
  const unpacked = await verify(await writeFolder(join(work, `${count}`), files));
  expect([...unpacked.warnings].sort()).toEqual([...zipped.warnings].sort());
  expect(unpacked.code).toBe(zipped.code);
  return zipped;
}

const isAllSaid = (found: Found, warnings: readonly string[]): void => {
  expect(found.warnings).toEqual(expect.arrayContaining([...warnings]));
  expect([found.code, found.matches]).toEqual([1, 'no']);
};

describe('an export', () => {
  it('matches where folders, both indexes, manifest and seal agree', async () => {
    const tpp = { name: '-1, "2"; 3', authorisationNumber: '@SE' };
    const one = folderFor(ONE, { clientId: '=shop', tpp });
    const two = folderFor(TWO, { clientId: '7/8', tpp: { ...tpp, name: '12" ;' } });
    const files = await exportOf({ [ONE]: one, [TWO]: two });
    expect(files.get('index.sv.csv')!.toString()).toContain(';"=""7/8""";"=""12"""" ;""";');
    expect(await verifyBoth(files)).toEqual({ code: 0, matches: 'yes', warnings: [] });
  });

  it.each([
    ['an amount', '1250,00', '9250,00'],
    ['a state', 'consumed', 'revoked'],
    ['a heading', 'Belopp', 'Summa'],
    ['a line', /\r\n[^\n]*\n$/, '\r\n'],
    ['the byte order mark', '\ufeff', ''],
  ])('does not match where %s of index.sv.csv is not that of index.csv', async (_, said, instead) => {
    const files = await exportOf(folders);
    const sheet = files.get('index.sv.csv')!.toString();
    files.set('index.sv.csv', Buffer.from(sheet.replace(said, instead)));
    expect(files.get('index.sv.csv')!.toString()).not.toBe(sheet);
    isAllSaid(await verifyBoth(files), ['index.sheet-differs', 'manifest.file-changed: index.sv.csv']);
    files.delete('index.sv.csv');
    isAllSaid(await verifyBoth(files), ['index.sheet-missing', 'manifest.file-missing: index.sv.csv']);
  });

  it.each([
    [['manifest.p7s'], ['manifest.seal-missing']],
    [['manifest.json'], ['manifest.missing-or-malformed']],
    [['index.csv'], ['index.missing', 'manifest.file-missing: index.csv']],
    [[FOLDER_LIST], ['folders.missing', `manifest.file-missing: ${FOLDER_LIST}`]],
    [
      ['manifest.json', 'manifest.p7s'],
      ['manifest.missing-or-malformed', 'manifest.seal-missing'],
    ],
    [
      ['index.csv', 'manifest.p7s'],
      ['index.missing', 'manifest.seal-missing'],
    ],
    [
      ['index.csv', 'manifest.json'],
      ['index.missing', 'manifest.missing-or-malformed'],
    ],
    [
      ['index.csv', 'manifest.json', 'manifest.p7s'],
      ['index.missing', 'manifest.missing-or-malformed', 'manifest.seal-missing'],
    ],
  ])('of several folders does not match without %j, by that name', async (names, warnings) => {
    const files = await exportOf(folders);
    for (const name of names) files.delete(name);
    isAllSaid(await verifyBoth(files), warnings);
  });

  it.each(['index.csv', FOLDER_LIST, 'manifest.json', 'manifest.p7s'])(
    'of one folder is one still where %s alone is left',
    async (left) => {
      const files = await exportOf({ [ONE]: folderOf(vector) });
      for (const name of ['index.csv', FOLDER_LIST, 'manifest.json', 'manifest.p7s'])
        if (name !== left) files.delete(name);
      expect(await verifyBoth(files)).toMatchObject({ code: 1, matches: 'no' });
    },
  );

  const cell = (from: string, to: string): ExportChanges => ({
    index: (lines) => lines.map((line) => line.replace(from, to)),
  });
  const falsehoods: readonly (readonly [string, ExportChanges, readonly string[]])[] = [
    ['another amount in the index', cell('1250.00', '9250.00'), [`index.row-differs: ${ONE} (amount)`]],
    ['an amount with another sign', cell(',1250.00', ',-1250.00'), [`index.row-differs: ${ONE} (amount)`]],
    ['another creditor', cell('Elbolaget AB', 'Annan AB'), [`index.row-differs: ${ONE} (creditor_name)`]],
    [
      'another account',
      cell('bankgiro:50501055', 'bankgiro:99999999'),
      [`index.row-differs: ${ONE} (creditor_account)`],
    ],
    ['another bank', cell('bank-a', 'bank-b'), [`index.row-differs: ${TWO} (bank)`]],
    ['another payer', cell('19900101****', '19800101****'), [`index.row-differs: ${ONE} (payer_personal_number)`]],
    [
      'another time of signing',
      cell('2026-06-01T12:00:30', '2026-06-02T12:00:30'),
      [`index.row-differs: ${ONE} (signed_at)`],
    ],
    ['another verdict', cell('TOTAL-PASSED', 'INDETERMINATE'), [`index.row-differs: ${ONE} (indication)`]],
    ['another environment', cell(',sandbox,', ',production,'), [`index.row-differs: ${ONE} (environment)`]],
    [
      'no time of authorisation',
      cell('2026-06-01T12:00:35.000Z', 'soon'),
      [`index.row-differs: ${ONE} (authorised_at)`],
    ],
    [
      'a folder that the index leaves out',
      { index: ([head = '', one = '']) => [head, one] },
      [`index.row-missing: ${TWO}`],
    ],
    ['a line that stands twice', { index: (lines) => [...lines, lines[1] ?? ''] }, [`index.row-twice: ${ONE}`]],
    [
      'a line for a folder that is not there',
      { index: (lines) => [...lines, (lines[1] ?? '').replaceAll(ONE, 'gone')] },
      ['index.row-unknown: gone'],
    ],
    ['an index without its heading', { index: ([, ...rows]) => rows }, ['index.malformed']],
    ['a column more', { index: (lines) => lines.map((line) => line.replace('\r\n', ',x\r\n')) }, ['index.malformed']],
    [
      'a folder that the list leaves out',
      { list: ([one = '']) => [one] },
      [`manifest.file-not-listed: ${TWO}/VERIFY.txt`],
    ],
    [
      'a folder in the list that is not there',
      { list: ([one = '', two = '']) => [one, two, one.replace(ONE, 'gone')] },
      ['manifest.file-missing: gone/VERIFY.txt'],
    ],
    [
      'the sum of another folder in the list',
      { list: ([one = '', two = '']) => [one, one.slice(0, 64) + two.slice(64)] },
      [`manifest.file-changed: ${TWO}/VERIFY.txt`],
    ],
    [
      'a line of the list that stands twice',
      { list: ([one = '', two = '']) => [one, two, one] },
      ['folders.malformed'],
    ],
    ['a list without its last line end', { list: (lines) => [lines.join('').trimEnd()] }, ['folders.malformed']],
    ['another count in the manifest', { manifest: (m) => ({ ...m, count: 3 }) }, ['manifest.count-differs']],
    ['another sum', { manifest: (m) => ({ ...m, sums: { SEK: '9250.00' } }) }, ['manifest.sums-differ']],
    [
      'the sum of a currency more',
      { manifest: (m) => ({ ...m, sums: { SEK: '2500.00', EUR: '1.00' } }) },
      ['manifest.sums-differ'],
    ],
    ['no sums', { manifest: (m) => ({ ...m, sums: {} }) }, ['manifest.sums-differ']],
    [
      'another environment in the manifest',
      { manifest: (m) => ({ ...m, environment: 'production' }) },
      ['manifest.environment-differs: '],
    ],
    ['a manifest of another kind', { manifest: (m) => ({ ...m, type: 'other' }) }, ['manifest.missing-or-malformed']],
    ['a manifest of another version', { manifest: (m) => ({ ...m, v: 1 }) }, ['manifest.missing-or-malformed']],
  ];
  it.each(falsehoods)('does not match with %s, though all of it is sealed', async (_, changes, warnings) => {
    const found = await verifyBoth(await exportOf(folders, changes));
    for (const warning of warnings) expect(found.warnings.some((said) => said.startsWith(warning))).toBe(true);
    expect([found.code, found.matches]).toEqual([1, 'no']);
  });

  it('names a folder that was copied, and both that were named crosswise', async () => {
    const copied = await verifyBoth(await exportOf({ ...folders, 'another-name': folderOf(vector) }));
    isAllSaid(copied, ['folder.name-differs: another-name']);
    expect(copied.warnings.some((said) => said.startsWith('folder.consent-twice'))).toBe(true);
    const crossed = await verifyBoth(await exportOf({ [ONE]: folders[TWO]!, [TWO]: folders[ONE]! }));
    isAllSaid(crossed, [`folder.name-differs: ${ONE}`, `folder.name-differs: ${TWO}`]);
  });

  it('names a folder that was emptied, wholly or of its signature', async () => {
    const files = await exportOf(folders);
    files.delete(`${TWO}/signature.b64`);
    isAllSaid(await verifyBoth(files), [`folder.without-evidence: ${TWO}`, `index.row-unknown: ${TWO}`]);
    for (const path of [...files.keys()]) if (path.startsWith(TWO)) files.delete(path);
    isAllSaid(await verifyBoth(files), [`index.row-unknown: ${TWO}`, 'manifest.count-differs']);
    const members = [...files].map(([name, content]) => ({ name, content }));
    const zip = join(work, 'emptied.zip');
    writeFileSync(zip, zipOf([...members, { name: `${TWO}/`, content: Buffer.alloc(0) }]));
    isAllSaid(await verify(zip), [`folder.without-evidence: ${TWO}`]);
    const unpacked = await writeFolder(join(work, 'emptied'), files);
    mkdirSync(join(unpacked, TWO));
    isAllSaid(await verify(unpacked), [`folder.without-evidence: ${TWO}`]);
  });

  it('names an index.csv that its ZIP contradicts, and is judged all the same', async () => {
    const path = await writeZip(join(work, 'damaged.zip'), await exportOf(folders));
    const zip = Buffer.from(
      readFileSync(path).toString('latin1').replace('Elbolaget AB,bankgiro', 'Annanbolaget,bankgiro'),
      'latin1',
    );
    writeFileSync(path, zip);
    isAllSaid(await verify(path), ['archive.file-refused: index.csv']);
  });
});

describe('one folder', () => {
  it('is no export: in a ZIP, in a directory, by itself', async () => {
    const files = new Map([...folderOf(vector)].map(([name, bytes]) => [`${ONE}/${name}`, bytes]));
    const zip = await writeZip(join(work, 'one.zip'), files);
    const directory = await writeFolder(join(work, 'one'), files);
    for (const path of [zip, directory, join(directory, ONE)]) {
      expect(await verify(path)).toMatchObject({ code: 0, matches: 'yes' });
    }
  });

  it('does not match with something beside it in its ZIP, by that name', async () => {
    const files: FolderFiles = new Map([...folderOf(vector)].map(([name, bytes]) => [`${ONE}/${name}`, bytes]));
    files.set('README.txt', Buffer.from('The amount is 9250.00')).set('other/consent.json', Buffer.from('{}'));
    isAllSaid(await verify(await writeZip(join(work, 'beside.zip'), files)), [
      'archive.foreign-file: README.txt',
      'archive.foreign-file: other/consent.json',
    ]);
  });
});
