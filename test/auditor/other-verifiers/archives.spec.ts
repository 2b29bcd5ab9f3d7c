import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { ZipWriter } from '../../../src/crypto/zip/zip-writer.ts';
import { ArchiveRefused, listArchive, readMember, sourceOf } from '../../../src/evidence-files/zip-archive.ts';
import { zipOf, type WrittenMember } from '../../support/evidence/zip-writer.ts';
import { describeWith, run, workFolder } from './support/tools.ts';

const work = workFolder();

/** `name sum` of each file, or undefined where we refuse. */
async function ownView(file: string): Promise<readonly string[] | undefined> {
  const zip = readFileSync(file);
  const source = sourceOf(zip);
  try {
    const { members } = await listArchive(source, { members: 100, memberBytes: () => 100_000 });
    return [...members].map(([name, member]) => `${name} ${sha256(readMember(source, member, 100_000))}`);
  } catch (error) {
    if (error instanceof ArchiveRefused) return undefined;
    throw error;
  }
}

async function viewsOfJava(files: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { output: lines } = await run('java', path.join(import.meta.dirname, 'ZipMembers.java'), ...files);
  const views = files.map((): string[] => []);
  for (const line of lines.split('\n').filter(Boolean)) {
    const [n = '', ...words] = line.split(' ');
    views[Number(n)]?.push(words.join(' '));
  }
  return views;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const save = (name: string, zip: Buffer): string => {
  writeFileSync(path.join(work, name), zip);
  return path.join(work, name);
};

const consent = Buffer.from('{"amount":"1250.00"}');
const other = Buffer.from('{"amount":"9250.00"}');
const forged = zipOf([{ name: 'one/consent.json', content: other }]);
const index: WrittenMember = { name: 'index.csv', content: Buffer.from('consent_id,amount\r\n') };
const deflated: WrittenMember = { name: 'one/consent.json', content: consent, isDeflated: true };
const streamed: WrittenMember = { ...deflated, name: 'one/report.json', hasDescriptor: true };

describeWith('java', 'a reader of ZIPs that goes by local headers', () => {
  it('finds in every export the files that we find', async () => {
    const file = path.join(work, 'export.zip');
    const zip = new ZipWriter();
    const names = ['one/consent.json', 'one/verify.sh', 'index.csv'];
    const members = names.flatMap((name) => zip.member(name, Buffer.from(name)));
    writeFileSync(file, Buffer.concat([...members, ...zip.end()]));
    const own = await ownView(file);
    expect(own).toHaveLength(3);
    expect(await viewsOfJava([file])).toEqual([own]);
  });

  it('finds the files that we find in an archive that an ordinary tool packed again', async () => {
    const unpacked = path.join(work, 'unpacked');
    mkdirSync(path.join(unpacked, 'one'), { recursive: true });
    for (const name of ['one/consent.json', 'one/visible-text.txt', 'index.csv']) {
      writeFileSync(path.join(unpacked, name), `${name} `.repeat(50));
    }
    const file = path.join(work, 'packed.zip');
    expect(await run('jar', '-c', '-f', file, '-M', '-C', unpacked, '.')).toMatchObject({ code: 0 });
    const own = await ownView(file);
    expect(own).toHaveLength(3);
    expect(await viewsOfJava([file])).toEqual([own]);
  });

  it('finds another consent.json in what we refuse: a stored member that hides others and ends earlier', async () => {
    const { length } = index.content;
    const cut = { packed: length, size: length, crc: crc32(index.content) };
    const trap: WrittenMember = { ...index, content: Buffer.concat([index.content, forged]), local: cut };
    const file = save('trap.zip', zipOf([trap, deflated]));
    expect(await ownView(file)).toBeUndefined();
    expect((await viewsOfJava([file]))[0]).toContain(`one/consent.json ${sha256(other)}`);
  });

  it('finds the same files as we do in every changed archive that we accept', async () => {
    const sound = zipOf([index, deflated, streamed, { name: 'one/', content: Buffer.alloc(0) }]);
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    const changed = fc.sample(fc.array(change, { minLength: 1, maxLength: 2 }), { numRuns: 2000, seed: 16 });
    const accepted: { readonly file: string; readonly own: readonly string[] }[] = [];
    for (const [n, changes] of changed.entries()) {
      const zip = Buffer.from(sound);
      for (const [at, octet] of changes) zip[at] = octet;
      const file = save(`${n}.zip`, zip);
      const own = await ownView(file);
      if (own) accepted.push({ file, own });
    }
    expect(accepted.length).toBeGreaterThan(20);
    const views = await viewsOfJava(accepted.map(({ file }) => file));
    expect(views).toEqual(accepted.map(({ own }) => own));
  });
});
