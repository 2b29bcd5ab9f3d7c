import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBundle } from '../../../src/bundle/container.ts';
import { packFolder } from '../../../src/crypto/zip/zip-writer.ts';
import { makeCasePaper } from '../../../src/papers/case-paper.ts';
import { eidas26, psd72 } from '../../../src/papers/phrases/statements.ts';
import { checkIds } from '../../../src/verification/report.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { digestOf, ledgered } from '../../support/evidence/ledgered.ts';
import { SmallLog } from '../../support/ledger/small-log.ts';
import { writeFolder } from '../../support/evidence/evidence-export.ts';
import { evidence, folder, hostile, vector, withName } from '../../support/papers/paper-evidence.ts';
import { faultsByQpdf, noPdftotext, noQpdf, structureOfPdf, textOfPdf } from '../../support/papers/pdf-judges.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { itUnless } from '../../support/skipping.ts';
import { now } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-cases-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const whenPdftotext = itUnless(noPdftotext);
const whenQpdf = itUnless(noQpdf);
/** One line, because a cell breaks its text anywhere. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('a case paper', () => {
  const statements = [...eidas26, ...psd72];

  it('names only files that the evidence has, and checks that were made and passed', () => {
    const passed = evidence.report.checks.filter(({ status }) => status === 'passed').map(({ id }) => id);
    for (const { id, files, checks } of statements) {
      expect([id, files.filter((file) => !folder.has(file))]).toEqual([id, []]);
      expect([id, checks.filter((check) => !checkIds.includes(check) || !passed.includes(check))]).toEqual([id, []]);
    }
  });

  it('claims nothing of the accounts, of fraud or of negligence', () => {
    const unshown = statements.filter(({ files, checks }) => files.length + checks.length === 0);
    expect(unshown.map(({ id }) => id)).toEqual(['72.1 entered', '72.2']);
  });

  it('is the same bytes each time', async () => {
    expect((await makeCasePaper(evidence)).equals(await makeCasePaper(evidence))).toBe(true);
  });

  whenPdftotext(
    'says what was read, what each law demands, every check and every file, the number masked',
    async () => {
      const text = flat(textOfPdf(await makeCasePaper(evidence, 'en')));
      for (const line of evidence.report.visibleText?.split('\n') ?? []) expect(text).toContain(flat(line).trim());
      for (const { id } of evidence.report.checks) expect(text).toContain(id);
      for (const [name, bytes] of folder) {
        expect(text).toContain(name);
        expect(text).toContain(hash('sha256', bytes, 'hex'));
      }
      expect(text).toContain('Article 26');
      expect(text).toContain('Article 72');
      expect(text).not.toMatch(/19900101-?\d{4}/);
    },
  );

  whenPdftotext('has its tags in their places with hostile names too', async () => {
    const tags = (pdf: Buffer) => structureOfPdf(pdf).match(/^ *(?:Document|H\d|P|L|LI|Lbl|LBody|Table|TR|TH|TD)\b/gm);
    const pdf = await makeCasePaper(withName(Object.values(hostile).join(' ')));
    expect(tags(pdf)).toEqual(tags(await makeCasePaper(evidence)));
    expect(textOfPdf(pdf)).not.toMatch(/[\u200b\u202a-\u202e\u2066-\u2069]/);
  });

  whenQpdf('is sound for qpdf', async () => {
    for (const language of ['sv', 'en'] as const)
      expect(faultsByQpdf(await makeCasePaper(evidence, language))).toBe('');
  });
});

describe('sigill case', () => {
  const root = join(work, 'root.pem');
  writeFileSync(root, vector.rootPem);

  it('puts the evidence into the paper when it is asked for, byte for byte, and says that nothing in it is masked', async () => {
    const out = join(work, 'with-evidence.pdf');
    const path = await writeFolder(join(work, 'whole'), folder);
    const root = join(work, 'root-of-whole.pem');
    writeFileSync(root, vector.rootPem);
    const args = ['case', path, '--trust-unpinned', root, '--lang', 'sv', '--with-evidence'];
    expect(await runCli(...args, '--out', out)).toMatchObject({ code: 0, stderr: '' });
    const pdf = readFileSync(out);
    const zip = packFolder('evidence', new Map([...folder].toSorted(([one], [other]) => (one < other ? -1 : 1))));
    expect(pdf.includes(zip)).toBe(true);
    const text = pdf.toString('latin1');
    for (const words of [
      '/AFRelationship /Source',
      '/Type /EmbeddedFile',
      '<pdfaid:part>3</pdfaid:part>',
      'evidence.zip',
    ])
      expect(text).toContain(words);
    const again = join(work, 'with-evidence-again.pdf');
    await runCli(...args, '--out', again);
    expect(readFileSync(again).equals(pdf)).toBe(true);
    expect((await makeCasePaper(evidence)).toString('latin1')).not.toContain('EmbeddedFile');
    if (noPdftotext === undefined)
      expect(flat(textOfPdf(pdf))).toContain('Beviset är bifogat i denna fil som evidence.zip, omaskerat');
    if (noQpdf === undefined) expect(faultsByQpdf(pdf)).toBe('');
  });

  it('says of a folder what it says of its evidence, and writes nothing of one that was changed', async () => {
    const out = join(work, 'folder.pdf');
    const path = await writeFolder(join(work, 'folder'), folder);
    const options = ['--trust-unpinned', root];
    expect(await runCli('case', path, '--out', out, '--lang', 'sv', ...options)).toMatchObject({ code: 0 });
    expect(readFileSync(out).subarray(0, 8).toString()).toBe('%PDF-1.7');
    const changed = await writeFolder(join(work, 'changed'), new Map(folder).set('consent.json', Buffer.from('{}')));
    const none = join(work, 'none.pdf');
    expect(await runCli('case', changed, '--out', none, ...options)).toMatchObject({ code: 1 });
    expect(existsSync(none)).toBe(false);
  });

  whenPdftotext('says of a bundle whose seal it is only where the reader gave its issuer', async () => {
    const [sealing, log] = [await Sealing.open(now), new SmallLog()];
    await log.grow(digestOf(folder));
    const members = await ledgered(folder, log, 0, sealing);
    const [bundle, issuer] = [join(work, 'evidence.asice'), join(work, 'issuer.pem')];
    writeFileSync(bundle, writeBundle(members, await sealing.seal(members)));
    writeFileSync(issuer, sealing.services.rootPem);
    const said = async (name: string, ...options: readonly string[]): Promise<string> => {
      const out = join(work, name);
      const words = ['case', bundle, '--out', out, '--lang', 'en', '--trust-unpinned', root, ...options];
      expect(await runCli(...words)).toMatchObject({ code: 0 });
      return flat(textOfPdf(readFileSync(out)));
    };
    expect(await said('open.pdf')).toMatch(/Seal Untrusted\..*Ledger The exporter's own word/);
    expect(await said('trusted.pdf', '--seal-trust', issuer, '--tsa-trust', issuer)).toMatch(/Seal Sound\./);
  });
});
