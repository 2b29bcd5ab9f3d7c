import { LEDGER_LINES, LEDGER_RANGE } from '../../../src/evidence-files/ledger-lines.ts';
import {
  exportOf,
  folderFor,
  ONE,
  sealing,
  sealOf,
  TWO,
  type ExportChanges,
  type FolderFiles,
} from '../../support/evidence/evidence-export.ts';
import { all, ExportReader, THREE } from '../../support/evidence/export-reader.ts';
import { asLines } from '../../support/evidence/formats/line-export.ts';
import { SmallLog } from '../../support/ledger/small-log.ts';
import { Sealing } from '../../support/seals/sealing.ts';

const reader = new ExportReader();
afterAll(() => reader.end());
const without = (...gone: readonly string[]): Readonly<Record<string, FolderFiles>> =>
  Object.fromEntries(Object.entries(all).filter(([folder]) => !gone.includes(folder)));

const ledgerIn = (change: (ledger: Record<string, unknown>) => object | null, noLedger: string | null = null) => ({
  manifest: (plain: Record<string, unknown>) => ({
    ...plain,
    ledger: change(plain['ledger'] as Record<string, unknown>),
    noLedger,
  }),
});

/** Each is sealed by the exporter, with every list and count made to fit. */
describe('an exporter who leaves something out or adds it is found, and it is named, where he', () => {
  it.each<[string, Readonly<Record<string, FolderFiles>>, ExportChanges, readonly string[]]>([
    ['removes a consent', without(TWO), { numbered: { folders: all } }, [`ledger.folder-missing: ${TWO}`]],
    [
      'removes a consent and its number',
      without(TWO),
      {
        numbered: { folders: all },
        ledger: (lines) => lines.toSpliced(1, 1),
        ...ledgerIn((said) => ({ ...said, exported: 2 })),
      },
      ['ledger.number-missing: 3', 'ledger.root-differs'],
    ],
    [
      'removes the last consent and its number',
      without(THREE),
      {
        numbered: { folders: all },
        ledger: (lines) => lines.slice(0, 2),
        ...ledgerIn((said) => ({ ...said, exported: 2, last: 3 })),
      },
      ['ledger.root-differs', `manifest.ledger-differs: ${LEDGER_RANGE}`],
    ],
    [
      'removes consents one after the other, and their numbers',
      without(ONE, TWO),
      {
        numbered: { folders: all },
        ledger: (lines) => lines.slice(2),
        ...ledgerIn((said) => ({ ...said, exported: 1 })),
      },
      ['ledger.number-missing: 2-3', 'ledger.root-differs'],
    ],
    [
      'calls a consent of another TPP, although none was asked for',
      without(TWO),
      {
        numbered: { folders: all },
        ledger: (lines) =>
          lines.with(1, lines[1]!.replace(`"folder":"${TWO}","number":3`, '"number":3,"omitted":"other-tpp"')),
        ...ledgerIn((said) => ({ ...said, exported: 2, omitted: { 'other-tpp': 1 } })),
      },
      ['ledger.reason-differs: 3 (other-tpp)'],
    ],
    [
      'calls a consent not named, although none was named',
      without(TWO),
      {
        numbered: { folders: all },
        ledger: (lines) =>
          lines.with(1, lines[1]!.replace(`"folder":"${TWO}","number":3`, '"number":3,"omitted":"not-named"')),
        ...ledgerIn((said) => ({ ...said, exported: 2, omitted: { 'not-named': 1 } })),
      },
      ['ledger.reason-differs: 3 (not-named)'],
    ],
    [
      'names a number twice',
      all,
      { ledger: (lines) => lines.toSpliced(1, 0, lines[0]!) },
      ['ledger.folder-twice: ' + ONE, 'ledger.number-twice: 2', 'ledger.root-differs', 'manifest.ledger-differs'],
    ],
    [
      'exchanges two numbers',
      all,
      { ledger: ([one, two, three]) => [two!, one!, three!] },
      ['ledger.number-missing: 2', 'ledger.number-twice: 2', 'ledger.root-differs'],
    ],
    [
      'exchanges the evidence of two numbers',
      all,
      {
        ledger: ([one, two, three]) => {
          const digestIn = (line = ''): string => /"digest":"([^"]+)"/.exec(line)?.[1] ?? '';
          return [one!.replace(digestIn(one), digestIn(two)), two!.replace(digestIn(two), digestIn(one)), three!];
        },
      },
      [`ledger.digest-differs: ${ONE} (2)`, `ledger.digest-differs: ${TWO} (3)`, 'ledger.root-differs'],
    ],
    [
      'puts other evidence of the same consent in the place of a consent',
      { ...all, [TWO]: folderFor(TWO, { nonce: 'another nonce of 22 ch' }) },
      { numbered: { folders: all } },
      [`ledger.digest-differs: ${TWO} (3)`],
    ],
    [
      'adds a consent that has no number',
      all,
      { numbered: { folders: without(THREE) } },
      [`ledger.folder-unlisted: ${THREE}`],
    ],
    [
      'adds a number to the end',
      all,
      {
        ledger: (lines) => [
          ...lines,
          lines[2]!
            .replace('"number":4', '"number":5')
            .replace(/"folder":"[^"]+",/, '')
            .replace('}', ',"omitted":"lost"}'),
        ],
      },
      ['ledger.number-outside: 5', 'ledger.root-differs', 'manifest.ledger-differs'],
    ],
    [
      'gives a folder another number than the ledger has of it',
      { [ONE]: all[ONE]!, [TWO.replace('000003', '000008')]: all[TWO]!, [THREE]: all[THREE]! },
      {},
      [`folder.name-differs: ${TWO.replace('000003', '000008')} (3)`],
    ],
    [
      'miscounts what he omits',
      all,
      ledgerIn((said) => ({ ...said, omitted: { lost: 1 } })),
      ['manifest.ledger-differs'],
    ],
    [
      'says that he answers for no numbers, of a bank that he names',
      all,
      ledgerIn(() => null, 'several-banks'),
      ['manifest.ledger-malformed'],
    ],
    [
      'says that nothing was authorised',
      all,
      ledgerIn(() => null, 'nothing-authorised'),
      [
        `ledger.unexpected: ${LEDGER_LINES}`,
        `ledger.unexpected: ${LEDGER_RANGE}`,
        'ledger.unexpected: nothing-authorised',
      ],
    ],
    [
      'says nothing of the ledger',
      all,
      { manifest: ({ ledger: _, noLedger: __, ...rest }) => rest },
      ['manifest.ledger-malformed'],
    ],
    [
      'names another size than that of the checkpoint',
      all,
      ledgerIn((said) => ({ ...said, size: 6 })),
      ['manifest.ledger-malformed'],
    ],
    [
      'signs with another key than the one that he names',
      all,
      ledgerIn((said) => ({ ...said, key: new SmallLog().vkey })),
      ['manifest.ledger-malformed'],
    ],
    [
      'writes a line in another form',
      all,
      { ledger: (lines) => lines.with(1, lines[1]!.replace(',', ', ')) },
      [
        'ledger.folder-unlisted: ' + THREE,
        'ledger.folder-unlisted: ' + TWO,
        `ledger.malformed: ${LEDGER_LINES} 2`,
        'ledger.number-missing: 3-4',
        'ledger.root-differs',
        'manifest.ledger-differs',
      ],
    ],
    [
      'removes a line of the index',
      all,
      { index: (lines) => lines.toSpliced(2, 1) },
      [`index.row-missing: ${TWO}`, 'index.sheet-differs'],
    ],
    [
      'doubles a line of the index',
      all,
      { index: (lines) => [...lines, lines[1]!] },
      [`index.row-twice: ${ONE}`, 'index.sheet-differs'],
    ],
  ])('%s', async (_, folders, changes, warnings) => {
    const answer = await reader.verify(await exportOf(folders, changes));
    expect(answer.warnings).toEqual([...warnings].sort());
    expect([answer.code, answer.matches]).toEqual([1, 'no']);
    const isOfLedger = warnings.some((warning) => /ledger|name-differs/.test(warning));
    expect(answer.complete.state).toBe(isOfLedger ? 'unsound' : 'exporters-word');
  });

  it.each([LEDGER_LINES, LEDGER_RANGE])('removes %s', async (name) => {
    const files = await exportOf(all, {
      manifest: ({ files: sums, ...rest }) => ({
        ...rest,
        files: Object.fromEntries(Object.entries(sums as Record<string, string>).filter(([path]) => path !== name)),
      }),
    });
    files.delete(name);
    const answer = await reader.verify(files);
    expect(answer.warnings).toContain(`ledger.missing: ${name}`);
    expect([answer.code, answer.complete]).toEqual([1, { state: 'unsound' }]);
  });

  it.each<[string, Readonly<Record<string, FolderFiles>>, readonly string[]]>([
    ['changes nothing', all, []],
    ['removes a consent', without(TWO), [`ledger.folder-missing: ${TWO}`]],
    [
      'puts other evidence of the same consent in the place of a consent',
      { ...all, [TWO]: folderFor(TWO, { nonce: 'another nonce of 22 ch' }) },
      [`ledger.digest-differs: ${TWO} (3)`],
    ],
    [
      'changes the text that was signed',
      { ...all, [TWO]: new Map(all[TWO]).set('visible-text.txt', Buffer.from('something else')) },
      [`lines.missing: ${TWO}`],
    ],
    [
      'gives the evidence of one consent for two',
      { ...all, [TWO]: all[ONE]! },
      [`lines.missing: ${TWO}`, `lines.twice: ${ONE} (evidence.jsonl 2)`],
    ],
  ])('gives the evidence as lines, and %s', async (_, folders, warnings) => {
    const answer = await reader.verify(await asLines(await exportOf(folders, { numbered: { folders: all } })));
    expect(answer.warnings).toEqual(warnings);
    expect([answer.code, answer.matches]).toEqual(warnings.length === 0 ? [0, 'yes'] : [1, 'no']);
  });

  it('lets another seal what was changed: then nothing says whose export it is', async () => {
    const stranger = await Sealing.open(sealing.now);
    const files = await exportOf(without(TWO), { numbered: { folders: all } });
    files.set('manifest.p7s', await sealOf(files.get('manifest.json')!, stranger));
    const answer = await reader.verify(files);
    expect([answer.code, answer.warnings]).toEqual([1, [`ledger.folder-missing: ${TWO}`]]);
  });

  it('ends the numbers before the last, with a proof of its own: what the export answers for is said, and is less', async () => {
    const log = new SmallLog();
    const files = await exportOf(without(THREE), { numbered: { log, folders: without(THREE) } });
    const answer = await reader.verify(files, '--checkpoint', reader.file('edge', (await log.head()).note));
    // A reader with the payments of the period has more of them than this.
    expect(answer.complete).toMatchObject({ state: 'proved', first: 2, last: 3, exported: 2 });
  });
});
