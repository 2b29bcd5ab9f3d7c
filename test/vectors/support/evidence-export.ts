import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { canonicalJson } from '../../../src/crypto/canonical-json.ts';
import { evidenceDigest } from '../../../src/evidence/evidence-digest.ts';
import { evidenceFolder } from '../../../src/evidence/evidence-folder.ts';
import { buildNonVisibleData, consentToJson } from '../../../src/payment/non-visible.ts';
import { facts, type Vector } from './vector.ts';
import { reportOf, textOf } from './verify.ts';

export type FolderFiles = Map<string, Buffer>;

/** The evidence folder that the service would keep for a vector. */
export function folderOf({ completion, rootPem }: Vector): FolderFiles {
  const random = Buffer.alloc(32, 5);
  const consent = canonicalJson(consentToJson(facts));
  const ocsp = Buffer.from(completion.ocspResponse ?? '', 'base64');
  const folder = evidenceFolder({
    evidenceId: '6f0a4c51-0b4f-4d0e-9d3e-3a1f0a9c2b11',
    evidenceDigest: evidenceDigest({ random, signature: completion.signature, ocsp, consent }),
    random,
    signature: completion.signature,
    ocsp: completion.ocspResponse,
    consent,
    visibleText: Buffer.from(textOf(facts)),
    nonVisibleData: buildNonVisibleData(facts),
    circumstances: { device: 'this' },
    report: JSON.parse(JSON.stringify(reportOf({}))),
    root: rootPem,
  });
  return new Map(folder);
}

export async function writeFolder(root: string, files: ReadonlyMap<string, Buffer>): Promise<string> {
  await mkdir(root, { recursive: true });
  for (const [name, bytes] of files) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), bytes);
  }
  return root;
}

/** Folders under their names, and a manifest with the SHA-256 of each file. */
export function exportOf(folders: Readonly<Record<string, FolderFiles>>): FolderFiles {
  const files: FolderFiles = new Map();
  for (const [folder, content] of Object.entries(folders)) {
    for (const [name, bytes] of content) files.set(`${folder}/${name}`, bytes);
  }
  const sums = [...files].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]);
  const manifest = { v: 1, count: Object.keys(folders).length, files: Object.fromEntries(sums) };
  return files.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
}

export async function writeZip(
  path: string,
  files: Iterable<readonly [string, Buffer]>,
  compress = false,
): Promise<string> {
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, { compress });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}
