import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import { canonicalJson } from '../../src/crypto/json/canonical-json.ts';
import { evidenceDigest } from '../../src/evidence-files/evidence-digest.ts';
import { evidenceFolder, FOLDER_LIST, folderLines, MANIFEST_SEAL } from '../../src/evidence-files/evidence-folder.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { formatAmount } from '../../src/payment/money.ts';
import { consentToJson } from '../../src/payment/non-visible.ts';
import { policies } from '../../src/verification/policy.ts';
import type { TrustAnchors } from '../../src/verification/trust-anchors.ts';
import { isVerified } from '../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../src/verification/verify-consent.ts';
import { indexColumns, type IndexedConsent } from '../../src/evidence-files/index-columns.ts';
import type { Item, Material } from '../verify/material.ts';
import { around } from '../verify/slices.ts';
import { sealOf } from './seal.ts';

const MAX_BUFFERED_BYTES = 1_000_000;

/** A directory of `count` signatures, each with its OCSP response beside it: twice as many files. */
export function writeDirectory(folder: string, { items }: Material, count: number): string {
  mkdirSync(folder);
  const next = around(items);
  for (let index = 0; index < count; index++) {
    const { completion } = next();
    const name = String(index).padStart(6, '0');
    writeFileSync(join(folder, `${name}.b64`), completion.signature);
    writeFileSync(join(folder, `${name}.ocsp.b64`), completion.ocspResponse ?? '');
  }
  return folder;
}

/**
 * One export of `count` consents, as the service writes it: stored members, an index, a list of the folders, a manifest, its seal. The
 * root of the seal's issuer is written beside it (`.seal.pem`).
 */
export async function writeExport(path: string, material: Material, count: number): Promise<string> {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  const written = pipeline(out, createWriteStream(path));
  const manifest: ManifestContent = { files: {}, amountMinor: 0n };
  const add = (name: string, bytes: Buffer): void => {
    zip.addBuffer(bytes, name, { compress: false });
  };
  const folders: string[] = [];
  const index = [lineOf(indexColumns.map(({ name }) => name))];
  for (const item of material.items.slice(0, count)) {
    const { row, files } = evidenceOf(item, material);
    for (const [name, bytes] of files) add(`${row.folder}/${name}`, bytes);
    folders.push(folderLines(row.folder, files));
    index.push(lineOf(indexColumns.map(({ read }) => read(row) ?? '')));
    manifest.amountMinor += row.facts.initiation.instructedAmount.amountMinor;
    // yazl would buffer everything at once.
    while (out.readableLength > MAX_BUFFERED_BYTES) await setImmediate();
  }
  for (const [name, lines] of [['index.csv', index] as const, [FOLDER_LIST, folders] as const]) {
    const list = Buffer.from(lines.join(''));
    manifest.files[name] = sha256(list);
    add(name, list);
  }
  const bytes = Buffer.from(JSON.stringify(manifestOf(manifest, count)));
  const { signature, rootPem: sealRoot } = await sealOf(bytes, new Date());
  writeFileSync(`${path}.seal.pem`, sealRoot);
  add('manifest.json', bytes);
  add(MANIFEST_SEAL, signature);
  zip.end();
  await written;
  return path;
}

/** Nothing in this material needs quotation marks. */
function lineOf(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

interface ManifestContent {
  readonly files: Record<string, string>;
  amountMinor: bigint;
}

function manifestOf({ files, amountMinor }: ManifestContent, count: number): JsonObject {
  const sums = { SEK: formatAmount({ currency: 'SEK', amountMinor }) };
  return { v: 2, type: 'sigill-export', environment: 'sandbox', count, sums, files };
}

interface Kept {
  readonly row: IndexedConsent;
  readonly files: ReadonlyMap<string, Buffer>;
}

function evidenceOf({ completion, expectation }: Item, { trust, at }: Material): Kept {
  const { facts, visibleData, nonVisibleData } = expectation;
  const verdict = verifyConsent(completion, expectation, { trust, policy: policies.bankid, now: at });
  if (!isVerified(verdict)) throw new Error('sound material is refused');
  const { signature, ocspResponse = '' } = completion;
  const digested = {
    random: Buffer.alloc(32, 5),
    signature,
    consent: canonicalJson(consentToJson(facts)),
    visibleText: visibleData,
    circumstances: canonicalJson({ device: 'this', evidenceId: facts.consentId }),
    report: canonicalJson(JSON.parse(JSON.stringify(verdict.report)) as JsonObject),
  };
  const content = {
    ...digested,
    evidenceDigest: evidenceDigest({ ...digested, ocsp: Buffer.from(ocspResponse, 'base64') }),
    ocsp: ocspResponse,
    nonVisibleData,
    root: rootPem(trust),
  };
  const { report } = verdict;
  const row = {
    folder: facts.consentId,
    facts,
    evidenceId: facts.consentId,
    evidenceDigest: content.evidenceDigest.toString('base64url'),
    indication: report.indication,
    signedAt: report.signedAt === null ? undefined : new Date(report.signedAt),
    personalNumber: report.signer?.personalNumber,
    authorisedAt: at,
    course: undefined,
  };
  return { row, files: evidenceFolder(content) };
}

/** The simulator's root, as a file that the CLI can be given. */
export function rootPem({ roots: [root] }: TrustAnchors): string {
  const base64 = root?.certificate.der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...base64, '-----END CERTIFICATE-----', ''].join('\n');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
