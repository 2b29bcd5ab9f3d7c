import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOf, folderOf, ONE, writeFolder, writeZip, trustsSeals } from '../../support/evidence/evidence-export.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { makeVector } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-archives-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const vector = makeVector();
const root = join(work, 'root.pem');
writeFileSync(root, vector.rootPem);

const verify = async (path: string) => {
  const { code, stdout, stderr } = await runCli(
    'verify',
    path,
    '--trust-unpinned',
    root,
    ...trustsSeals(work),
    '--json',
  );
  return { code, stderr, report: JSON.parse(stdout) as Record<string, unknown> };
};

/** A sound export with its bytes changed. */
async function mangled(name: string, change: (zip: Buffer) => Buffer): Promise<string> {
  const path = await writeZip(join(work, name), await exportOf({ [ONE]: folderOf(vector) }));
  const before = readFileSync(path);
  const after = change(before);
  expect(after.equals(before)).toBe(false);
  writeFileSync(path, after);
  return path;
}

const renamed =
  (from: string, to: string) =>
  (zip: Buffer): Buffer =>
    Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');

describe('an archive', () => {
  it('is sound before it is attacked', async () => {
    const path = await writeZip(join(work, 'sound.zip'), await exportOf({ [ONE]: folderOf(vector) }));
    expect((await verify(path)).code).toBe(0);
  });

  it.each([
    ['a traversing name', renamed(`${ONE}/verify.sh`, `..${ONE.slice(2)}/verify.sh`), 'safely'],
    ['an absolute name', renamed(`${ONE}/verify.sh`, `/${ONE.slice(1)}/verify.sh`), 'safely'],
    ['a name with a backslash', renamed(`${ONE}/verify.sh`, `${ONE}\\verify.sh`), 'safely'],
    [
      'another name in the local header',
      (zip: Buffer) => Buffer.from(zip.toString('latin1').replace(`${ONE}/verify.sh`, `${ONE}/verifi.sh`), 'latin1'),
      'local headers',
    ],
    ['bytes before the first member', (zip: Buffer) => Buffer.concat([Buffer.from('MZ evil'), zip]), ''],
    ['its end cut off', (zip: Buffer) => zip.subarray(0, zip.length - 100), ''],
    [
      'a member that is not what its checksum says',
      (zip: Buffer) => Buffer.from(zip.toString('latin1').replace('"device":"this"', '"device":"that"'), 'latin1'),
      '',
    ],
  ])('with %s is refused', async (title, change, words) => {
    const { code, report, stderr } = await verify(await mangled('attack.zip', change));
    // What deceives its reader is no evidence; what the ZIP allows is, and does not match.
    expect(code === 66 ? report['indication'] : report['matches']).toBe(code === 66 ? undefined : 'no');
    expect([1, 66]).toContain(code);
    if (title.includes('name') && words === 'local headers') expect(stderr).toContain(words);
  });

  it('with two members with the same name is refused', async () => {
    const files = await exportOf({ [ONE]: folderOf(vector) });
    const twice: [string, Buffer][] = [...files, [`${ONE}/consent.json`, Buffer.from('{}')]];
    const { code, stderr } = await verify(await writeZip(join(work, 'twice.zip'), twice));
    expect(code).toBe(66);
    expect(stderr).toContain('two members with the same name');
  });

  it('with a symbolic link is refused', async () => {
    const path = await mangled('link.zip', (zip) => {
      const copy = Buffer.from(zip);
      const directory = copy.indexOf(Buffer.from('504b0102', 'hex'));
      copy.writeUInt32LE(0o120777 * 65_536, directory + 38);
      return copy;
    });
    const { code, stderr } = await verify(path);
    expect(code).toBe(66);
    expect(stderr).toContain('symbolic link');
  });

  it('that is a bomb is refused before it is unpacked', async () => {
    const bomb: [string, Buffer][] = [['one/signature.b64', Buffer.alloc(20_000_000, 0x41)]];
    const { code, stderr } = await verify(await writeZip(join(work, 'bomb.zip'), bomb, true));
    expect(code).toBe(66);
    expect(stderr).toContain('too large');
  });

  it('that is a bomb and says it is none is unpacked no further than it says', async () => {
    const bomb: [string, Buffer][] = [['one/signature.b64', Buffer.alloc(20_000_000, 0x41)]];
    const path = await writeZip(join(work, 'lying-bomb.zip'), bomb, true);
    const zip = readFileSync(path);
    zip.writeUInt32LE(1000, zip.indexOf(Buffer.from('504b0102', 'hex')) + 24);
    zip.writeUInt32LE(1000, 22);
    writeFileSync(path, zip);
    const { code, stderr } = await verify(path);
    expect(code).toBe(66);
    expect(stderr).toContain('larger than it says');
  });

  it('that was packed again may name its folders, as long as there is nothing in the name', async () => {
    const files = await exportOf({ [ONE]: folderOf(vector) });
    const placeholder = 'z'.repeat(ONE.length + 1);
    const withFolder = async (name: string, content: string): Promise<string> => {
      const path = await writeZip(join(work, name), [[placeholder, Buffer.from(content)], ...files]);
      writeFileSync(path, renamed(placeholder, `${ONE}/`)(readFileSync(path)));
      return path;
    };
    expect((await verify(await withFolder('again.zip', ''))).code).toBe(0);
    const { code, stderr } = await verify(await withFolder('filled.zip', 'hidden'));
    expect(code).toBe(66);
    expect(stderr).toContain('a member name that Sigill does not write');
  });

  it('whose folder is too large to be held is refused, member by member though they are small enough', async () => {
    const many = Array.from({ length: 70 }, (_, n): [string, Buffer] => [`${ONE}/${n}.txt`, Buffer.alloc(10)]);
    const path = await writeZip(join(work, 'many.zip'), [...(await exportOf({ [ONE]: folderOf(vector) })), ...many]);
    const { code, stderr } = await verify(path);
    expect(code).toBe(66);
    expect(stderr).toContain('too large together');
  });

  it('on disk is refused where a file is a symbolic link', async () => {
    const files = folderOf(vector);
    const path = await writeFolder(join(work, 'linked'), files);
    rmSync(join(path, 'consent.json'));
    symlinkSync('/etc/hostname', join(path, 'consent.json'));
    const { code, stderr } = await verify(path);
    expect(code).toBe(66);
    expect(stderr).toContain('symbolic link');
  });
});
