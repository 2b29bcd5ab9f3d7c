import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sequence, tlv } from '../../support/vectors/der-writer.ts';
import { exportOf, folderOf, ONE, writeFolder, writeZip, trustsSeals } from '../../support/evidence/evidence-export.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { describeWithSamples, samplePath } from '../../support/evidence/samples.ts';
import { itUnless, noClosedFiles } from '../../support/skipping.ts';
import { makeVector } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-bad-input-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(work, name), content);
  return join(work, name);
};
const vector = makeVector();
const { signature, ocspResponse = '' } = vector.completion;
const root = file('root.pem', vector.rootPem);
const trusted = ['--trust-unpinned', root, ...trustsSeals(work)];
const good = file('good.b64', signature);
const ocsp = file('good.ocsp', ocspResponse);

interface Line {
  readonly file: string;
  readonly indication: string | null;
  readonly subIndication: string | null;
  readonly error?: { readonly code: string; readonly file: string };
}
const verify = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await runCli('verify', ...words, '--jsonl');
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { code, stderr, lines: lines.map((line) => JSON.parse(line) as Line) };
};
const single = async (content: string | Buffer, ...more: readonly string[]) =>
  verify('--signature', file('single', content), ...trusted, ...more);
const SOUND_ONE = 'TOTAL-PASSED';

describe('a bare signature that is none', () => {
  it.each([
    ['an empty file', ''],
    ['white space', '   \n'],
    ['50 MB', Buffer.alloc(50_000_000, 0x41)],
    ['another format', '%PDF-1.7'],
    ['a PEM certificate', vector.rootPem],
    ['NUL bytes', Buffer.alloc(1_000)],
  ])('%s is no evidence, and is given no verdict', async (_title, content) => {
    const { code, lines } = await single(content);
    expect([code, lines.map(({ indication, error }) => [indication, error?.file])]).toEqual([
      66,
      [[undefined, join(work, 'single')]],
    ]);
  });

  it.each([
    ['base64 with a line break of Windows in the middle', `${signature.slice(0, 400)}\r\n${signature.slice(400)}`],
    ['half of it', signature.slice(0, signature.length / 2)],
  ])('%s is a format failure and exit 1', async (_title, content) => {
    const { code, lines } = await single(content);
    expect([code, lines.map(({ subIndication }) => subIndication)]).toEqual([1, ['FORMAT_FAILURE']]);
  });

  it.each([
    ['an error response', sequence(tlv(0x0a, Buffer.from([6])))],
    ['tryLater', sequence(tlv(0x0a, Buffer.from([3])))],
    ['an empty file', Buffer.alloc(0)],
    ['HTML', Buffer.from('<html></html>')],
    ['base64 with line breaks anywhere', Buffer.from(ocspResponse.replace(/.{75}/g, '$&\n'))],
    ['50 MB', Buffer.alloc(50_000_000, 0x30)],
  ])('with an OCSP response that is %s it asks for another', async (_title, content) => {
    const { code, lines } = await single(signature, '--ocsp', file('bad.ocsp', content));
    expect([code, lines.map(({ subIndication }) => subIndication)]).toEqual([2, ['TRY_LATER']]);
  });
});

describe('a root that is none', () => {
  const other = makeVector({ pki: { root: { key: 'stranger', signedWith: 'stranger' } } });

  it('of another authority leads to no chain', async () => {
    const { code, lines } = await verify(
      '--signature',
      good,
      '--ocsp',
      ocsp,
      '--trust-unpinned',
      file('other.pem', other.rootPem),
    );
    expect([code, lines[0]?.subIndication]).toEqual([2, 'NO_CERTIFICATE_CHAIN_FOUND']);
  });

  it.each([
    ['not pinned', ['--trust', root], 'not one of the pinned roots'],
    ['empty', ['--trust', file('empty.pem', '')], 'PEM'],
    ['two in one file', ['--trust-unpinned', file('two.pem', vector.rootPem + other.rootPem)], 'one certificate'],
    ['not there', ['--trust', join(work, 'none.pem')], 'none.pem'],
  ])('%s is refused with its name', async (title, words, sentence) => {
    const { code, stderr, lines } = await verify('--signature', good, ...words);
    expect([code, lines.length]).toEqual(title === 'not there' ? [66, 1] : [64, 0]);
    expect(stderr).toContain(sentence);
  });
});

describeWithSamples("BankID's own roots", () => {
  it('of TLS are refused by name', async () => {
    for (const name of ['BankID_SSL_Root_CA_v1', 'Test_BankID_SSL_Root_CA_v1_Test']) {
      const { code, stderr } = await verify('--signature', good, '--trust', samplePath(`roots/${name}.pem`));
      expect(code).toBe(64);
      expect(stderr).toMatch(/BankID SSL Root CA v1.*TLS/);
    }
  });
});

describe('a directory with other things in it', () => {
  const files = folderOf(vector);

  it('has its evidences verified; what is none is left alone', async () => {
    const path = join(work, 'mixed');
    await writeFolder(join(path, 'one'), files);
    mkdirSync(join(path, 'holiday'), { recursive: true });
    writeFileSync(join(path, 'holiday', 'photo.jpg'), 'x');
    writeFileSync(join(path, 'README.txt'), 'x');
    const { code, lines } = await verify(path, ...trusted);
    expect([code, lines.map(({ indication }) => indication)]).toEqual([0, [SOUND_ONE]]);
  });

  it('with one broken evidence, given folder by folder, says which, and verifies the others', async () => {
    const path = join(work, 'broken');
    await writeFolder(join(path, 'one'), files);
    await writeFolder(join(path, 'two'), new Map(files).set('signature.b64', Buffer.alloc(0)));
    await writeFolder(join(path, 'three'), files);
    const paths = ['one', 'two', 'three'].map((name) => join(path, name));
    const { code, lines } = await verify(...paths, ...trusted);
    expect(code).toBe(1);
    expect(lines.map(({ indication }) => indication).sort()).toEqual([SOUND_ONE, SOUND_ONE, 'TOTAL-FAILED'].sort());
  });

  it('without any evidence is no evidence, with a sentence', async () => {
    const path = join(work, 'nothing');
    mkdirSync(path);
    const { code, stderr, lines } = await verify(path, ...trusted);
    expect([code, lines[0]?.error]).toEqual([66, { code: 'directory.no-evidence', file: path }]);
    expect(stderr).toContain(`${path}: holds neither`);
  });

  it('and a file that is not there: the sentence names it, the others are verified', async () => {
    const { code, stderr, lines } = await verify(good, join(work, 'missing.zip'), ...trusted);
    expect(code).toBe(66);
    expect(stderr + JSON.stringify(lines)).toContain('missing.zip');
    expect(lines.filter(({ file: name }) => name.includes('good'))).toHaveLength(1);
  });

  itUnless(noClosedFiles)('and a file that may not be read: the others are verified', async () => {
    const path = join(work, 'locked');
    await writeFolder(join(path, 'one'), files);
    await writeFolder(join(path, 'two'), files);
    chmodSync(join(path, 'two', 'signature.b64'), 0);
    const { code, stderr, lines } = await verify(join(path, 'one'), join(path, 'two'), ...trusted);
    expect(code).toBe(66);
    expect(stderr + JSON.stringify(lines)).toContain('two');
    expect(lines.filter(({ indication }) => indication === SOUND_ONE)).toHaveLength(1);
  });
});

describe('a ZIP', () => {
  const sound = async (): Promise<string> =>
    writeZip(join(work, 'export.zip'), await exportOf({ [ONE]: folderOf(vector) }));
  const mangled = async (name: string, change: (zip: Buffer) => Buffer): Promise<string> =>
    file(name, change(readFileSync(await sound())));
  const directoryOf = (zip: Buffer): number => zip.readUInt32LE(zip.length - 6);
  const moved = (zip: Buffer, at: number, more: Buffer): Buffer => {
    const copy = Buffer.concat([zip.subarray(0, at), more, zip.subarray(at)]);
    copy.writeUInt32LE(directoryOf(zip) + more.length, copy.length - 6);
    return copy;
  };
  const secret = Buffer.from('another evidence, for another reader');

  it.each([
    ['cut in the middle', (zip: Buffer) => zip.subarray(0, zip.length / 2)],
    ['cut before its end', (zip: Buffer) => zip.subarray(0, zip.length - 10)],
    ['with bytes between its last member and its directory', (zip: Buffer) => moved(zip, directoryOf(zip), secret)],
    [
      'with bytes between its directory and its end',
      (zip: Buffer) => Buffer.concat([zip.subarray(0, -22), secret, zip.subarray(-22)]),
    ],
    ['with bytes after its end', (zip: Buffer) => Buffer.concat([zip, secret])],
    [
      'with a comment',
      (zip: Buffer) => {
        const copy = Buffer.concat([zip, secret]);
        copy.writeUInt16LE(secret.length, zip.length - 2);
        return copy;
      },
    ],
    ['with bytes before its first member', (zip: Buffer) => Buffer.concat([secret, zip])],
    ['of nothing', () => Buffer.from('504b0506000000000000000000000000000000000000', 'hex')],
  ])('%s is refused with a sentence, and the file beside it is verified', async (_title, change) => {
    const path = await mangled('bad.zip', change);
    const { code, stderr, lines } = await verify(path, good, ...trusted);
    expect(code).toBe(66);
    expect(stderr + JSON.stringify(lines)).toContain('bad.zip');
    const sound = lines.filter(({ indication }) => indication === SOUND_ONE);
    expect(sound.map(({ file: name }) => name)).toEqual([good]);
  });

  it('that is sound passes', async () => {
    const { code, lines } = await verify(await sound(), ...trusted);
    expect([code, new Set(lines.map(({ indication }) => indication))]).toEqual([0, new Set([SOUND_ONE])]);
  });
});

describe('what a person is told', () => {
  const folder = join(work, 'told');
  beforeAll(() => {
    mkdirSync(join(folder, 'holiday'), { recursive: true });
    const content: Record<string, string | Buffer> = {
      'broken-lines.b64': `${signature.slice(0, 400)}\n${signature.slice(400)}`,
      'empty.b64': '',
      'good.b64': signature,
      'good.ocsp': vector.completion.ocspResponse ?? '',
      'notes.txt': 'x',
      'refused.b64': signature,
      // OCSPResponse { unauthorized (6) } @see RFC 6960 §4.2.1
      'refused.ocsp': Buffer.from('30030a0106', 'hex'),
    };
    for (const [name, bytes] of Object.entries(content)) writeFileSync(join(folder, name), bytes);
    symlinkSync('good.b64', join(folder, 'link.b64'));
  });

  it.each([
    [
      'en',
      [
        'structure: base64 with line breaks or spaces',
        'is empty',
        'ocsp: the OCSP service answered with an error, status 6',
        'is a symbolic link',
      ],
      'not evidence, and left alone: holiday, notes.txt',
    ],
    [
      'sv',
      [
        'structure: base64-kodningen innehåller radbrytningar eller mellanslag',
        'är tom',
        'ocsp: OCSP-tjänsten svarade med ett fel (status 6)',
        'är en symbolisk länk',
      ],
      'inga bevis, och därför inte kontrollerade: holiday, notes.txt',
    ],
  ])('in %s: which file is wrong and why, and what was not looked at', async (language, reasons, alone) => {
    const { code, stdout, stderr } = await runCli('verify', folder, ...trusted, '--lang', language);
    expect(code).toBe(1);
    const lines = stdout.split('\n').map((line) => line.trim());
    for (const [index, name] of ['broken-lines.b64', 'empty.b64', 'refused.b64', 'link.b64'].entries()) {
      const at = lines.findIndex((line) => line.includes(`  ${name}`));
      expect(lines[at + 1]).toContain(reasons[index]);
    }
    expect(lines.filter((line) => line.includes('TOTAL-PASSED  '))).toHaveLength(1);
    expect(stderr).toContain(`${folder}: ${alone}`);
  });

  it('of a file that is named: the sentence, in their language', async () => {
    const missing = join(folder, 'none.zip');
    const { code, stderr } = await runCli('verify', join(folder, 'notes.txt'), missing, ...trusted, '--lang', 'sv');
    expect(code).toBe(66);
    expect(stderr).toContain('notes.txt: är inget bevis: varken en underskrift (XML, eller base64 av XML), en ZIP');
    expect(stderr).toContain(`kan inte läsa ${missing}: filen eller katalogen finns inte (ENOENT)`);
  });

  it('of one signature takes the OCSP response beside it', async () => {
    expect((await runCli('verify', join(folder, 'good.b64'), ...trusted)).code).toBe(0);
  });
});
