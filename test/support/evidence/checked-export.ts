import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';

/** The members of a ZIP, each name once. */
export async function unzip(zip: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const file = await yauzl.fromBufferPromise(zip, { validateEntrySizes: true });
  const files = new Map<string, Buffer>();
  for await (const entry of file.eachEntry()) {
    expect(files.has(entry.fileName)).toBe(false);
    files.set(entry.fileName, await buffer(await file.openReadStreamPromise(entry)));
  }
  return files;
}

/** The files of an export whose lists name each of them with its sum, and nothing else. */
export async function checkedExport(zip: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = await unzip(zip);
  const text = (name: string): string => files.get(name)?.toString('utf8') ?? '';
  const { files: listed } = JSON.parse(text('manifest.json')) as { readonly files: Record<string, string> };
  const lines = text('folders.sha256').split('\n').slice(0, -1);
  const inFolders = lines.map((line) => [line.slice(66), line.slice(0, 64)] as const);
  const notes = inFolders.filter(([name]) => name.endsWith('/VERIFY.txt'));
  const inNotes = notes.flatMap(([name]) =>
    [...text(name).matchAll(/^([0-9a-f]{64}) {2}([\w.-]+)$/gm)].map(
      ([, sum = '', file = '']) => [name.replace('VERIFY.txt', file), sum] as const,
    ),
  );
  const sums = new Map([...Object.entries(listed), ...inFolders, ...inNotes]);
  const found = [...files].filter(([name]) => !name.startsWith('manifest.'));
  expect(new Map(found.map(([name, bytes]) => [name, sha256(bytes)]))).toEqual(sums);
  return files;
}

/** What two exports of the same consents have in common: not their ids, times and seals, nor the events that each of them adds. */
export function lasting(files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  const differ = /^manifest\.|^folders\.sha256$|^README\.html$|\/audit\.jsonl$/;
  return new Map([...files].filter(([name]) => !differ.test(name)).map(([name, bytes]) => [name, sha256(bytes)]));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
