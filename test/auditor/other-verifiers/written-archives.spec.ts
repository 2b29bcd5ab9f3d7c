import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { Zip } from '../../../src/cli/verify/files/zip-files.ts';
import { ZipWriter } from '../../../src/crypto/zip/zip-writer.ts';
import { listArchive, readMember, sourceOf } from '../../../src/evidence-files/zip-archive.ts';
import { describeWith, has, run, workFolder } from './support/tools.ts';

const work = workFolder();

type Files = readonly (readonly [name: string, bytes: Buffer])[];

function zipOf(files: Files): Buffer {
  const zip = new ZipWriter();
  const members = files.flatMap(([name, bytes]) => zip.member(name, bytes));
  return Buffer.concat([...members, ...zip.end()]);
}

const name = fc.stringMatching(/^[a-z0-9][A-Za-z0-9._-]{0,20}$/);
const folders = fc.uniqueArray(
  fc.tuple(
    fc.oneof(
      name,
      fc.tuple(name, name).map(([a, b]) => `${a}/${b}`),
    ),
    fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  ),
  { selector: ([one]) => one.toLowerCase().split('/')[0], minLength: 1, maxLength: 40 },
);

const save = (title: string, zip: Buffer): string => {
  writeFileSync(path.join(work, title), zip);
  return path.join(work, title);
};

/** Names with CRC and size, as Python reads them, which checks each CRC as it reads. */
const PYTHON = `import sys, zipfile, zlib
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            print(one.filename, zlib.crc32(archive.read(one)), one.file_size, oct(one.external_attr >> 16))`;

describe('an archive as an export is written', () => {
  it('is read back by the strict reader, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(folders, async (files) => {
        const zip = zipOf(files);
        const source = sourceOf(zip);
        const { members } = await listArchive(source, { members: 40, memberBytes: () => 3000 });
        expect([...members.keys()]).toEqual(files.map(([file]) => file));
        for (const [file, bytes] of files) expect(readMember(source, members.get(file)!, 3000)).toEqual(bytes);
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  it.each([65_534, 65_535, 65_536])(
    'of %i members is found as a whole, by its old end or its new one',
    async (count) => {
      const files = Array.from({ length: count }, (_, n) => [`f${n % 100}/${n}`, Buffer.from(String(n))] as const);
      const zip = await Zip.open(save(`${count}.zip`, zipOf(files)));
      expect([...zip.folders.values()].reduce((sum, { size }) => sum + size, 0)).toBe(count);
      expect(zip.read(`f${(count - 1) % 100}`, String(count - 1))?.toString()).toBe(String(count - 1));
      zip.close();
    },
  );

  it('has members beyond 4 GiB, which both readers find', async () => {
    const file = sparse(path.join(work, 'large.zip'));
    const zip = await Zip.open(file);
    expect(zip.read('folder', 'last')?.toString()).toBe('beyond');
    expect(zip.read('folder', 'after')?.toString()).toBe('and after');
    zip.close();
    if (!has('python3')) return;
    const script = `import sys, zipfile\nprint(zipfile.ZipFile(sys.argv[1]).read('folder/last').decode())`;
    expect(await run('python3', '-c', script, file)).toEqual({ code: 0, output: 'beyond\n' });
  }, 120_000);
});

describeWith('python3', 'the zipfile of Python', () => {
  it('finds in every archive what was written, and the mode of scripts', async () => {
    const samples = fc.sample(folders, { numRuns: 60, seed: 7 });
    const files = samples.map((one, n) => save(`python-${n}.zip`, zipOf([...one, ['x/run.sh', Buffer.from('#!')]])));
    const { code, output } = await run('python3', '-c', PYTHON, ...files);
    const wanted = samples.flatMap((one) => [
      ...one.map(([file, bytes]) => `${file} ${crc32(bytes)} ${bytes.length} 0o100644`),
      `x/run.sh ${crc32('#!')} 2 0o100755`,
    ]);
    expect([code, output.trim().split('\n')]).toEqual([0, wanted]);
  });
});

describeWith('unzip', 'unzip -t', () => {
  it('finds no error in any archive, small or of more than 65,535 members', async () => {
    const samples = fc.sample(folders, { numRuns: 40, seed: 9 });
    for (const [n, one] of samples.entries()) {
      expect(await run('unzip', '-tqq', save(`unzip-${n}.zip`, zipOf(one)))).toEqual({ code: 0, output: '' });
    }
    const many = Array.from({ length: 70_000 }, (_, n) => [`f/${n}`, Buffer.from('x')] as const);
    expect(await run('unzip', '-tqq', save('many.zip', zipOf(many)))).toEqual({ code: 0, output: '' });
  });
});

/** Members of 2 MiB that are holes in the file, up to 4 GiB, and two small ones behind. */
function sparse(file: string): string {
  const hole = Buffer.alloc(2 * 1024 * 1024);
  const facts = { size: hole.length, crc: crc32(hole) };
  const zip = new ZipWriter();
  const descriptor = openSync(file, 'w');
  let at = 0;
  for (let n = 0; n < 2050; n += 1) {
    at += writeSync(descriptor, zip.begin(`folder/${n}`, facts), 0, undefined, at) + hole.length;
  }
  const rest = [
    ...zip.member('folder/last', Buffer.from('beyond')),
    ...zip.member('folder/after', Buffer.from('and after')),
    ...zip.end(),
  ];
  writeSync(descriptor, Buffer.concat(rest), 0, undefined, at);
  closeSync(descriptor);
  return file;
}
