import type { EvidenceReport } from '../../bundle/findings.ts';
import { readBundle, type Bundle } from '../../bundle/read-bundle.ts';
import { CHECKPOINT_TOKEN, LEDGER_PROOF } from '../../bundle/container.ts';
import type { BundleTrust } from '../../bundle/trust.ts';
import { unsealed, verifyBundle } from '../../bundle/verify-bundle.ts';
import { evidenceOf } from '../../evidence-files/evidence-folder.ts';
import { findEvidenceJson } from '../../evidence-files/evidence-json.ts';
import type { Files } from '../../evidence-files/folder-checks.ts';
import { verifyEvidenceJson, verifyFolder } from '../../evidence-files/verify-files.ts';
import type { Settings } from '../../evidence-files/verify-settings.ts';
import { join } from 'node:path';
import { readBundleFile, readUnpackedBundle } from '../verify/files/bundle-files.ts';
import { readDirectory, readRegularFile } from '../verify/files/directory-files.ts';
import { NoInputError, UsageError } from '../verify/files/exit-codes.ts';
import { READ_LIMIT } from '../verify/files/read-file.ts';
import { ZipReader } from '../verify/files/zip-files.ts';
import { planOf, type Plan } from '../verify/units/plan.ts';

/** One evidence: the files of its folder, and today's verdict on it with what came around it. */
export interface OpenedEvidence {
  readonly files: Files;
  readonly report: EvidenceReport;
  /** The sealed bundle, byte for byte, where it is one that is packed. */
  readonly packed?: Buffer;
}

/**
 * Reads and verifies the one evidence at a path: a bundle, packed or unpacked, a folder, its ZIP, or the JSON of `GET /evidence/{id}`.
 * @throws FileError for what cannot be read or is no evidence, UsageError for anything but one evidence
 */
export async function openEvidence(path: string, settings: Settings, trust: BundleTrust): Promise<OpenedEvidence> {
  const plan = await planOf(path);
  try {
    return await openPlan(plan, settings, trust);
  } finally {
    if (plan.kind === 'zip') plan.zip.close();
  }
}

/**
 * The same of evidence that is not in a file.
 * @throws FileError for what is no evidence
 */
export async function openFetched(
  { form, bytes }: { readonly form: 'bundle' | 'json'; readonly bytes: Buffer },
  settings: Settings,
  trust: BundleTrust,
): Promise<OpenedEvidence> {
  if (form === 'json') return ofJson(bytes, '', settings, trust);
  return ofPacked(bytes, settings, trust);
}

async function openPlan(plan: Plan, settings: Settings, trust: BundleTrust): Promise<OpenedEvidence> {
  const { path } = plan;
  switch (plan.kind) {
    case 'refused':
      throw new NoInputError(plan.reason, path);
    case 'unpacked':
      return ofBundle(await readUnpackedBundle(path), settings, trust);
    case 'json':
      return ofJson(readRegularFile(path, READ_LIMIT), path, settings, trust);
    case 'bundles': {
      const [name, ...others] = plan.names;
      if (name === undefined || others.length > 0) throw notOne();
      const file = plan.isFile ? path : join(path, name);
      return ofPacked(readBundleFile(file), settings, trust);
    }
    case 'directory':
      if (plan.isExport || plan.folders[0] !== '') throw notOne();
      return ofFolder(readDirectory(path), settings, trust);
    case 'zip':
      return ofFolder(readZip(plan), settings, trust);
    case 'bare':
      throw new UsageError(
        'a signature alone has no paper: give its bundle, its evidence folder, or the ZIP or JSON of it',
      );
  }
}

function notOne(): UsageError {
  return new UsageError('a paper is of one evidence: give its bundle, its evidence folder, or the ZIP or JSON of it');
}

/** @throws UsageError for an export, and for a ZIP that holds more than the folder */
function readZip({ path, zip, folders, isExport }: Extract<Plan, { readonly kind: 'zip' }>): Files {
  const [name, ...others] = folders;
  const members = name === undefined ? undefined : zip.folders.get(name);
  if (!members || others.length > 0 || isExport || zip.folders.size !== 1) throw notOne();
  const reader = new ZipReader(path);
  try {
    return reader.readAll(members);
  } finally {
    reader.close();
  }
}

function ofFolder(folder: Files, settings: Settings, trust: BundleTrust): OpenedEvidence {
  const files = evidenceOf(folder);
  return { files, report: unsealed(verifyFolder(files, settings), 'folder', trust) };
}

function ofJson(bytes: Buffer, path: string, settings: Settings, trust: BundleTrust): OpenedEvidence {
  const evidence = findEvidenceJson(bytes);
  if (!evidence) throw new NoInputError('file.no-signature', path);
  return { files: evidence.files, report: unsealed(verifyEvidenceJson(evidence, settings), 'json', trust) };
}

async function ofPacked(packed: Buffer, settings: Settings, trust: BundleTrust): Promise<OpenedEvidence> {
  return { ...(await ofBundle(await readBundle(packed), settings, trust)), packed };
}

async function ofBundle(bundle: Bundle, settings: Settings, trust: BundleTrust): Promise<OpenedEvidence> {
  const files = new Map([...bundle.members].filter(([name]) => name !== LEDGER_PROOF && name !== CHECKPOINT_TOKEN));
  return { files, report: await verifyBundle(bundle, settings, trust) };
}
