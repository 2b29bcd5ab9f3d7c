import { createHash } from 'node:crypto';
import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { makeSeal } from '../../../src/bundle/make-seal.ts';
import { indexHeader, indexLines, rowOf, type ExportedConsent } from '../../../src/compliance/export/index-csv.ts';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { ConsentCourse } from '../../../src/evidence-files/index-columns.ts';
import { evidenceDigest } from '../../../src/evidence-files/evidence-digest.ts';
import {
  DIGEST_FILE,
  evidenceFolder,
  exportFolder,
  FOLDER_LIST,
  folderLines,
  MANIFEST_SEAL,
} from '../../../src/evidence-files/evidence-folder.ts';
import { rangeProof } from '../../../src/crypto/tlog/range-proof.ts';
import {
  formatLedgerLine,
  formatLedgerRange,
  LEDGER_LINES,
  LEDGER_RANGE,
  type Omission,
} from '../../../src/evidence-files/ledger-lines.ts';
import type { ConsentId } from '../../../src/kernel/ids.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { formatAmount, type Currency } from '../../../src/payment/money.ts';
import {
  buildNonVisibleData,
  consentToJson,
  parseNonVisibleData,
  type SignedConsentFacts,
  type SignedFacts1,
} from '../../../src/payment/non-visible.ts';
import { facts as firstFacts, vectorOf, type Vector } from '../vectors/vector.ts';
import { reportOf, textOf } from '../vectors/verify.ts';
import { SmallLog, someEntries } from '../ledger/small-log.ts';
import { Sealing } from '../seals/sealing.ts';
import { digestOf } from './ledgered.ts';

export type FolderFiles = Map<string, Buffer>;

/** The evidence folder that the service would keep for a vector. */
export function folderOf({ completion, rootPem, expectation }: Vector): FolderFiles {
  const { facts } = expectation;
  const digested = {
    random: Buffer.alloc(32, 5),
    signature: completion.signature,
    consent: canonicalJson(consentToJson(facts)),
    visibleText: Buffer.from(textOf(facts)),
    circumstances: canonicalJson({ device: 'this', evidenceId: '6f0a4c51-0b4f-4d0e-9d3e-3a1f0a9c2b11' }),
    report: canonicalJson(reportFor(facts)),
  };
  const folder = evidenceFolder({
    ...digested,
    evidenceDigest: evidenceDigest({ ...digested, ocsp: Buffer.from(completion.ocspResponse ?? '', 'base64') }),
    ocsp: completion.ocspResponse,
    nonVisibleData: buildNonVisibleData(facts),
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

let soundReport: JsonObject | undefined;

/** What the service's own verifier found when the consent was signed. */
function reportFor(facts: SignedConsentFacts): JsonObject {
  soundReport ??= JSON.parse(JSON.stringify(reportOf({}))) as JsonObject;
  const nonVisibleData = Buffer.from(buildNonVisibleData(facts)).toString('base64');
  return { ...soundReport, nonVisibleData, visibleText: textOf(facts) };
}

/** The folders of two consents: of that of the vectors, and of {@link consentIdOf} 2. */
export const ONE = exportFolder(2, '2026-06-01', firstFacts.consentId);
export const TWO = exportFolder(3, '2026-06-01', consentIdOf(2));

export function consentIdOf(n: number): ConsentId {
  return `0b4f7d0e-6f0a-4c51-9d3e-${String(n).padStart(12, '0')}` as ConsentId;
}

/** The folder of another consent of the same words. @param folder its name, or the id of the consent alone */
export function folderFor(folder: string, change: Partial<SignedFacts1> = {}): FolderFiles {
  const consentId = folder.slice(folder.lastIndexOf('_') + 1) as ConsentId;
  return folderOf(vectorOf({ ...firstFacts, ...change, consentId }));
}

/** Who seals the exports of tests. */
export const sealing = await Sealing.open(new Date('2026-06-02T00:00:00Z'));

/** The options by which `sigill verify` trusts it. @param work where its root is written */
export function trustsSeals(work: string): readonly string[] {
  const root = join(work, 'seal-root.pem');
  writeFileSync(root, sealing.services.rootPem);
  return ['--seal-trust', root, '--tsa-trust', root];
}

/** The log of the bank, without leaves yet, and what has numbers in it besides one evidence before and one behind. */
interface NumberedLog {
  readonly log: SmallLog;
  /** From number 2 on. */
  readonly folders: Readonly<Record<string, FolderFiles>>;
  /** Behind them. */
  readonly omitted: readonly Omission[];
}

/** What may be said falsely. */
export interface ExportChanges {
  readonly index?: (lines: readonly string[]) => readonly string[];
  readonly list?: (lines: readonly string[]) => readonly string[];
  readonly manifest?: (manifest: Record<string, unknown>) => Record<string, unknown>;
  /** The lines of ledger.jsonl. */
  readonly ledger?: (lines: readonly string[]) => readonly string[];
  readonly numbered?: Partial<NumberedLog>;
}

/** An export as Sigill writes it: folders under their numbers, index, list, manifest and seal. */
export async function exportOf(
  folders: Readonly<Record<string, FolderFiles>>,
  {
    index = (lines) => lines,
    list = (lines) => lines,
    manifest = (plain) => plain,
    ledger = (plain) => plain,
    numbered = {},
  }: ExportChanges = {},
): Promise<FolderFiles> {
  const files: FolderFiles = new Map();
  for (const [folder, content] of Object.entries(folders)) {
    for (const [name, bytes] of content) files.set(`${folder}/${name}`, bytes);
  }
  const inLedger = Object.keys(numbered.folders ?? folders);
  const rows = Object.entries(folders).map(([folder, content]) =>
    rowOf(exported(folder, content, inLedger.indexOf(folder) + 2)),
  );
  const indexed = [indexHeader('rfc4180'), ...rows.map((row) => indexLines([row], 'rfc4180'))];
  files.set('index.csv', Buffer.from(index(indexed).join('')));
  files.set('index.sv.csv', Buffer.from(indexHeader('spreadsheet-sv') + indexLines(rows, 'spreadsheet-sv')));
  const lines = Object.entries(folders).map(([folder, content]) => folderLines(folder, content));
  files.set(FOLDER_LIST, Buffer.from(list(lines).join('')));
  const { section, numbers, range } = await ledgerOf({ log: new SmallLog(), folders, omitted: [], ...numbered });
  files.set(LEDGER_LINES, Buffer.from(ledger(numbers).join(''))).set(LEDGER_RANGE, range);
  const sums = ['index.csv', 'index.sv.csv', FOLDER_LIST, LEDGER_LINES, LEDGER_RANGE].map((path) => [
    path,
    sha256(files.get(path) ?? Buffer.alloc(0)),
  ]);
  const said = Buffer.from(
    JSON.stringify(
      manifest({
        ...{ v: 2, type: 'sigill-export', environment: 'sandbox', count: Object.keys(folders).length },
        sums: sumsOf(folders),
        ...{ files: Object.fromEntries(sums), ledger: section, noLedger: null },
        filter: { bank: firstFacts.bank, tpp: null, consent: null },
      }),
    ),
  );
  return files.set('manifest.json', said).set(MANIFEST_SEAL, await sealOf(said));
}

const course: Omit<ConsentCourse, 'number'> = {
  state: 'consumed',
  consumedAt: new Date('2026-06-01T12:01:00Z'),
  paymentReference: 'bank-payment-1',
  execution: 'executed',
  executionReportedAt: new Date('2026-06-01T12:02:00Z'),
};

/** The numbers of the folders are those between. */
const [before = Buffer.alloc(0), behind = Buffer.alloc(0)] = someEntries(2);

/** What an export says of the log. */
async function ledgerOf({ log, folders, omitted }: NumberedLog): Promise<{
  readonly section: object;
  readonly numbers: readonly string[];
  readonly range: Buffer;
}> {
  const digests = [...Object.values(folders).map(digestOf), ...someEntries(omitted.length, 1000)];
  const { size, root, note } = await log.grow(before, ...digests, behind);
  const said = [
    ...Object.keys(folders).map((folder) => ({ folder })),
    ...omitted.map((reason) => ({ omitted: reason })),
  ];
  const [first, last] = [2, 1 + digests.length];
  const numbers = digests.map((digest, at) => formatLedgerLine({ number: first + at, digest, ...said[at]! }));
  const counts = Object.fromEntries(
    Object.entries(Object.groupBy(omitted, (reason) => reason)).map(([reason, all]) => [reason, all.length]),
  );
  const head = { origin: log.key.name, key: log.vkey, size, root: root.toString('base64'), checkpoint: note };
  const proof = await rangeProof(log.read, { begin: first - 1, end: last, size });
  const section = { ...head, first, last, exported: Object.keys(folders).length, omitted: counts };
  return { section, numbers, range: formatLedgerRange({ first, last, size }, proof) };
}

function exported(folder: string, content: FolderFiles, number: number): ExportedConsent {
  const json = (name: string): Record<string, string> =>
    JSON.parse(content.get(name)?.toString() ?? '{}') as Record<string, string>;
  const { evidenceId } = json('circumstances.json');
  const { evidenceDigest: digest } = json(DIGEST_FILE);
  const report = json('report.json');
  const evidence = {
    ...{ evidenceId, evidenceDigest: Buffer.from(digest ?? '', 'base64url'), indication: 'TOTAL-PASSED' },
    report: JSON.stringify(report),
    signedAt: new Date(report['signedAt'] ?? 0),
  } as unknown as Evidence;
  const authorisedAt = new Date('2026-06-01T12:00:35Z');
  return { folder, evidence, facts: factsOf(content), authorisedAt, course: { ...course, number } };
}

function factsOf(content: FolderFiles): SignedConsentFacts {
  return parseNonVisibleData(content.get('non-visible.json') ?? Buffer.alloc(0));
}

function sumsOf(folders: Readonly<Record<string, FolderFiles>>): Readonly<Record<string, string>> {
  const sums = new Map<Currency, bigint>();
  for (const content of Object.values(folders)) {
    const { currency, amountMinor } = factsOf(content).initiation.instructedAmount;
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
  }
  return Object.fromEntries(
    [...sums].map(([currency, amountMinor]) => [currency, formatAmount({ currency, amountMinor })]),
  );
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The seal of a manifest. */
export async function sealOf(manifest: Buffer, by = sealing): Promise<Buffer> {
  const { signature } = await makeSeal(manifest, by.sealer(), by.now);
  return signature;
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
