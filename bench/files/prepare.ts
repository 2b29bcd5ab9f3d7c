import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import { evidenceDigest } from '../../src/evidence/evidence-digest.ts';
import { evidenceFolder } from '../../src/evidence/evidence-folder.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { buildNonVisibleData } from '../../src/payment/non-visible.ts';
import { policies } from '../../src/verification/policy.ts';
import type { TrustAnchors } from '../../src/verification/trust-anchors.ts';
import { isVerified } from '../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../src/verification/verify-consent.ts';
import type { Item, Material } from '../verify/material.ts';
import { around } from '../verify/slices.ts';

const MUCH = 1_000_000;

/** A directory of so many signatures, each with its OCSP response beside it: twice as many files. */
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

/** One export of so many consents, as the service writes it: stored members, a manifest with the sum of each file. */
export async function writeExport(path: string, material: Material, count: number): Promise<string> {
  const next = around(
    material.items.map((item) =>
      [...folderOf(item, material)].map(([name, bytes]) => ({ name, bytes, sum: sha256(bytes) })),
    ),
  );
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  const written = pipeline(out, createWriteStream(path));
  const listed: Record<string, string> = {};
  for (let index = 0; index < count; index++) {
    const folder = `2026-01-01_${String(index).padStart(8, '0')}`;
    for (const { name, bytes, sum } of next()) {
      zip.addBuffer(bytes, `${folder}/${name}`, { compress: false });
      listed[`${folder}/${name}`] = sum;
    }
    // yazl would take in everything at once.
    while (out.readableLength > MUCH) await setImmediate();
  }
  const manifest = { v: 1, count, files: listed };
  zip.addBuffer(Buffer.from(JSON.stringify(manifest)), 'manifest.json', { compress: false });
  zip.end();
  await written;
  return path;
}

function folderOf({ completion, expectation }: Item, { trust, at }: Material): ReadonlyMap<string, Buffer> {
  const { facts, visibleData, nonVisibleData } = expectation;
  const verdict = verifyConsent(completion, expectation, trust, policies.bankid, at);
  if (!isVerified(verdict)) throw new Error('sound material is refused');
  const random = Buffer.alloc(32, 5);
  const { signature, ocspResponse = '' } = completion;
  const consent = Buffer.from(buildNonVisibleData(facts)).toString();
  const ocsp = Buffer.from(ocspResponse, 'base64');
  return evidenceFolder({
    evidenceId: facts.consentId,
    evidenceDigest: evidenceDigest({ random, signature, ocsp, consent }),
    random,
    signature,
    ocsp: ocspResponse,
    consent,
    visibleText: visibleData,
    nonVisibleData,
    circumstances: { device: 'this' },
    report: JSON.parse(JSON.stringify(verdict.report)) as JsonObject,
    root: rootPem(trust),
  });
}

/** The simulator's root, as a file that the CLI can be given. */
export function rootPem({ roots: [root] }: TrustAnchors): string {
  const base64 = root?.certificate.der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...base64, '-----END CERTIFICATE-----', ''].join('\n');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
