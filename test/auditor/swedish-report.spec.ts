import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warningIds } from '../../src/verification/report.ts';
import { languages } from '../../src/evidence-files/report-phrases.ts';
import { exportOf, folderFor, folderOf, ONE, TWO, writeZip, trustsSeals } from '../support/evidence/evidence-export.ts';
import { runCli } from '../support/commands/run-cli.ts';
import { makeVector } from '../support/vectors/vector.ts';

/** Of every message that has parameters, at a value that is no word of any language. */
const parameters = { file: 'F', files: ['F'], count: 2, fault: 'X', bits: 1, position: 1, reason: 'EMFILE' };
const others = { reference: '#R', funcId: 'F', status: 1, member: 'M', way: 'phone', callInitiator: 'RP' };

/** Words that stand in some English sentence each, and in no Swedish one. */
const english =
  /\b(?:the|is|are|was|were|of|not|and|with|that|which|this|no|yes|matches|nothing|signed|another|cannot)\b/i;

/** Every text of a language, by where it stands. */
function textsOf(value: unknown, place = ''): (readonly [place: string, text: string])[] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value === 'function') {
    const text = value as (...values: readonly unknown[]) => string;
    const one =
      text.length > 1 ||
      /\.(?:examined|seal|riskOf|statedAddressOf|payeeCheckOfBank|bankRuleCondition\.\w+)$/.test(place)
        ? ['A', 'B', 'C']
        : [{ ...parameters, ...others }];
    return [[place, text(...one)]];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => textsOf(part, `${place}.${name}`));
}

const [en, sv] = [new Map(textsOf(languages.en)), new Map(textsOf(languages.sv))];
const work = mkdtempSync(join(tmpdir(), 'sigill-swedish-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('an auditor who reads Swedish', () => {
  it('finds every message there, and none that is left in English', () => {
    expect([...sv.keys()].sort()).toEqual([...en.keys()].sort());
    expect(sv.size).toBeGreaterThan(230);
    expect([...sv].filter(([, text]) => text === '' || /undefined|\[object/.test(text))).toEqual([]);
    // What a reader of DER, XML or JSON calls a fault is technical, and the same in every language. So is the word risk.
    const same = [...sv].filter(([place, text]) => text === en.get(place) && !/: X$/.test(text) && place !== '.risk');
    expect(same).toEqual([]);
    expect([...sv].filter(([, text]) => english.test(text))).toEqual([]);
    for (const id of warningIds) expect(sv.get(`.warnings.${id}`)).toMatch(/\w/);
  });

  it('finds words of Swedish alone in the report on one evidence and on many', async () => {
    const vector = makeVector();
    const root = join(work, 'root.pem');
    writeFileSync(root, vector.rootPem);
    const sound = await exportOf({ [ONE]: folderOf(vector), [TWO]: folderFor(TWO) });
    const forged = new Map(sound).set(`${TWO}/consent.json`, Buffer.from('{}'));
    const paths = [
      await writeZip(join(work, 'one.zip'), folderOf(vector)),
      await writeZip(join(work, 'many.zip'), sound),
      await writeZip(join(work, 'forged.zip'), forged),
      root,
    ];
    for (const path of paths) {
      const { stdout, stderr } = await runCli(
        'verify',
        path,
        '--trust-unpinned',
        root,
        ...trustsSeals(work),
        '--lang',
        'sv',
      );
      // Its own words: what was signed, names and ids are as they are.
      const prose = `${stdout}${stderr}`
        .replaceAll(/^ {2}\| .*$/gm, '')
        .replaceAll(/\bcn=[^()]*/gi, '')
        .replaceAll(/^(?:varning|förlitande part|rotcertifikat)\s+\S+/gm, '')
        .replaceAll(work, '');
      expect(prose.match(english)).toBeNull();
    }
  });
});
