import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../../src/crypto/json/canonical-json.ts';
import {
  EVIDENCE_LINES,
  FOLDER_LIST,
  folderLines,
  MANIFEST_SEAL,
} from '../../../../src/evidence-files/evidence-folder.ts';
import type { JsonObject } from '../../../../src/kernel/json.ts';
import { sealOf, type FolderFiles } from '../evidence-export.ts';

/** An export of folders as one of the format `jsonl`: the evidence as lines, a receipt in each folder, and lists and seal that fit. */
export async function asLines(files: FolderFiles): Promise<FolderFiles> {
  const folders = foldersOf(files);
  const receipt = new Map([['receipt.pdf', Buffer.from('a receipt')]]);
  const lines = folders.map((folder) => `${canonicalJson(lineOf((name) => files.get(`${folder}/${name}`)!))}\n`);
  const made: FolderFiles = new Map([...files].filter(([name]) => !name.includes('/')));
  for (const folder of folders) for (const [name, bytes] of receipt) made.set(`${folder}/${name}`, bytes);
  made.set(FOLDER_LIST, Buffer.from(folders.map((folder) => folderLines(folder, new Map(), receipt)).join('')));
  made.set(EVIDENCE_LINES, Buffer.from(lines.join('')));
  const manifest = JSON.parse(String(files.get('manifest.json'))) as { readonly files: Record<string, string> };
  for (const name of [FOLDER_LIST, EVIDENCE_LINES]) manifest.files[name] = sha256(made.get(name)!);
  const said = Buffer.from(JSON.stringify({ ...manifest, format: 'jsonl' }));
  return made.set('manifest.json', said).set(MANIFEST_SEAL, await sealOf(said));
}

/** The folders of an export, in the order in which it has them. */
export function foldersOf(files: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...new Set([...files.keys()].flatMap((name) => (name.includes('/') ? [name.split('/')[0]!] : [])))];
}

function lineOf(file: (name: string) => Buffer): JsonObject {
  const json = (name: string): JsonObject => JSON.parse(String(file(name))) as JsonObject;
  const [consent, circumstances] = [json('consent.json'), json('circumstances.json')];
  return {
    ...json('evidence-digest.json'),
    ...{ consent, circumstances, report: json('report.json') },
    evidenceId: circumstances['evidenceId']!,
    ...{ consentId: consent['consentId']!, clientId: consent['clientId']!, environment: consent['environment']! },
    signature: String(file('signature.b64')),
    ocspResponse: String(file('ocsp.b64')),
    visibleText: String(file('visible-text.txt')),
    nonVisibleData: file('non-visible.json').toString('base64'),
    bankidRoot: String(file('bankid-root.pem')),
  };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
