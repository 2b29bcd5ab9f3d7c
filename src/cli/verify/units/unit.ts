import { hash } from 'node:crypto';
import { join } from 'node:path';
import { CHECKPOINT_TOKEN, LEDGER_PROOF } from '../../../bundle/container.ts';
import type { EvidenceReport, Findings } from '../../../bundle/findings.ts';
import { outcomeOf, type Outcome } from '../../../bundle/outcome.ts';
import { readBundle, type Bundle } from '../../../bundle/read-bundle.ts';
import type { BundleTrust } from '../../../bundle/trust.ts';
import { unsealed, verifyBundle } from '../../../bundle/verify-bundle.ts';
import { maskReport, type Report } from '../../../verification/report.ts';
import { holdsSignature } from '../../../evidence-files/completion-files.ts';
import { findEvidenceJson } from '../../../evidence-files/evidence-json.ts';
import { FileError, type FileMessage } from '../../../evidence-files/file-messages.ts';
import type { Files } from '../../../evidence-files/folder-checks.ts';
import { verifyBare, verifyEvidenceJson, verifyFolder } from '../../../evidence-files/verify-files.ts';
import type { Settings } from '../../../evidence-files/verify-settings.ts';
import { readDirectory, readRegularFile } from '../files/directory-files.ts';
import { readBundleFile, readUnpackedBundle } from '../files/bundle-files.ts';
import { NoInputError } from '../files/exit-codes.ts';
import {
  BUNDLE_FILE,
  besideEvidence,
  EVIDENCE_LINES,
  evidenceOf,
  FOLDER_NOTES,
} from '../../../evidence-files/evidence-folder.ts';
import { AUDIT_LINES, isWholeChain } from './audit-lines.ts';
import { findExportedFacts, type ExportedFacts } from './exported-facts.ts';
import { READ_LIMIT } from '../files/read-file.ts';
import { ZipReader, type Members } from '../files/zip-files.ts';

/** A few evidences that a thread verifies together. Plain data. */
export type Unit =
  | {
      readonly kind: 'zip';
      readonly path: string;
      readonly folders: readonly ZipFolder[];
      readonly isExport: boolean;
    }
  | {
      readonly kind: 'directory';
      readonly path: string;
      readonly folders: readonly string[];
      /** Whether manifest and index are compared afterwards. */
      readonly isExport: boolean;
    }
  | { readonly kind: 'bare'; readonly path: string; readonly completions: readonly BareCompletion[] }
  /** A directory that is an unpacked bundle. */
  | { readonly kind: 'unpacked'; readonly path: string }
  /** Sealed bundles in one directory. */
  | { readonly kind: 'bundles'; readonly path: string; readonly names: readonly string[] }
  /** The JSON of `GET /evidence/{id}`. */
  | { readonly kind: 'json'; readonly path: string }
  /** Lines of an export's evidence.jsonl, each of which is the same JSON. */
  | { readonly kind: 'lines'; readonly lines: readonly EvidenceLine[] };

/** A line without its newline. */
export interface EvidenceLine {
  /** From 1. */
  readonly number: number;
  /** Undefined if it is longer than evidence can be, or cut off. */
  readonly bytes: Uint8Array | undefined;
}

/** A folder of a ZIP that was listed once, for all threads. */
export interface ZipFolder {
  readonly name: string;
  readonly members: Members;
}

/** Names of files in one directory. */
export interface BareCompletion {
  readonly signature: string;
  readonly ocsp: string | undefined;
}

export interface JsonReport extends Pick<Report, 'indication' | 'subIndication' | 'matches'> {
  readonly json: string;
}

export interface UnitResult {
  /** The folder, or the file of a bare signature; '' for the path itself. */
  readonly name: string;
  /** The verdict; undefined if it is not evidence, or unreadable. As JSON if lines are printed: a text passes between threads at a fraction of the cost. */
  readonly report: Report | JsonReport | undefined;
  /** Why there is no verdict. */
  readonly reason: FileMessage | undefined;
  /** What stands around it weighs; undefined in an export, whose seal is judged as a whole. */
  readonly outcome?: Outcome;
  /** Of an export's folder: the SHA-256 of its VERIFY.txt, which has a verdict only for what that file says, and of each file beside the evidence. */
  readonly sums?: ReadonlyMap<string, string>;
  /** Files beside the evidence that are not what they must be. */
  readonly unsound?: readonly string[];
  /** Of a folder of an export. */
  readonly exported?: ExportedFacts | undefined;
}

/** Verifies units one after the other; a ZIP stays open from one to the next. */
export class UnitVerifier {
  #zip: ZipReader | undefined;

  // Fields, because a worker thread may load this file with its types only stripped, which parameter properties do not allow.
  readonly #settings: Settings;
  readonly #trust: BundleTrust;
  readonly #reveal: boolean;
  readonly #form: 'report' | 'json';

  constructor(settings: Settings, trust: BundleTrust, reveal: boolean, form: 'report' | 'json') {
    this.#settings = settings;
    this.#trust = trust;
    this.#reveal = reveal;
    this.#form = form;
  }

  async verify(unit: Unit): Promise<readonly UnitResult[]> {
    if (unit.kind === 'bundles') return this.#bundles(unit.path, unit.names);
    if (unit.kind === 'lines') return unit.lines.map((line) => this.#line(line));
    if (unit.kind === 'unpacked') return [await this.#bundle('', () => readUnpackedBundle(unit.path))];
    return this.#plain(unit);
  }

  async #plain(
    unit: Exclude<Unit, { readonly kind: 'bundles' | 'unpacked' | 'lines' }>,
  ): Promise<readonly UnitResult[]> {
    if (unit.kind === 'bare') {
      return Promise.all(unit.completions.map((one) => guard(one.signature, () => this.#bare(unit.path, one))));
    }
    if (unit.kind === 'json') return [await guard('', () => this.#json(unit.path))];
    const results: UnitResult[] = [];
    for (const folder of unit.folders) {
      const name = typeof folder === 'string' ? folder : folder.name;
      const read = (): Files =>
        typeof folder === 'string'
          ? readDirectory(join(unit.path, name))
          : this.#open(unit.path).readAll(folder.members);
      results.push(await guard(name, () => this.#folder(name, read(), unit.isExport)));
    }
    return results;
  }

  close(): Promise<void> {
    this.#closeZip();
    return Promise.resolve();
  }

  #closeZip(): void {
    this.#zip?.close();
    this.#zip = undefined;
  }

  #folder(name: string, files: Files, isExport: boolean): UnitResult | Promise<UnitResult> {
    if (isExport) return this.#exported(name, files);
    return this.#found(name, unsealed(verifyFolder(evidenceOf(files), this.#settings), 'folder', this.#trust));
  }

  async #exported(name: string, files: Files): Promise<UnitResult> {
    const bundle = files.get(BUNDLE_FILE);
    // Beside a bundle all has a sum of its own, so that what is not in the list is found.
    const listed = [...files].filter(([file]) => bundle || file === FOLDER_NOTES || isBeside(file));
    const sums = new Map(listed.map(([file, bytes]) => [file, hash('sha256', bytes, 'hex')]));
    const own = evidenceOf(files);
    const judged = bundle ? await this.#ofBundle(bundle) : { evidence: own, report: verifyFolder(own, this.#settings) };
    const { evidence, report } = judged;
    const exported = findExportedFacts(name, evidence, report);
    const chain = files.get(AUDIT_LINES);
    const isBroken = chain !== undefined && exported !== undefined && !isWholeChain(chain, exported.consentId);
    // The numbers of the export are in the ledger by its own proof: a bundle's need not be compared once more.
    const outcome = 'container' in report ? outcomeOf(report, { keptCheckpoint: false }) : 'passed';
    const shown = { name, report: this.#shown(report), reason: undefined, outcome };
    return { ...shown, sums, exported, ...(isBroken && { unsound: [AUDIT_LINES] }) };
  }

  async #ofBundle(bytes: Buffer): Promise<{ readonly evidence: Files; readonly report: EvidenceReport }> {
    const bundle = await readBundle(bytes);
    const evidence = new Map(
      [...bundle.members].filter(([file]) => file !== LEDGER_PROOF && file !== CHECKPOINT_TOKEN),
    );
    return { evidence, report: await verifyBundle(bundle, this.#settings, this.#trust) };
  }

  #bare(path: string, { signature, ocsp }: BareCompletion): UnitResult {
    const read = (name: string): Buffer => readRegularFile(join(path, name), READ_LIMIT);
    const bytes = read(signature);
    if (!holdsSignature(bytes)) throw new NoInputError(bytes.length === 0 ? 'file.empty' : 'file.no-signature');
    const files = { signature: bytes, ocsp: ocsp === undefined ? undefined : read(ocsp), consent: undefined };
    return this.#found(signature, unsealed(verifyBare(files, this.#settings), 'signature', this.#trust));
  }

  #json(path: string): UnitResult {
    const evidence = findEvidenceJson(readRegularFile(path, READ_LIMIT));
    if (!evidence) throw new NoInputError('file.no-signature');
    return this.#found('', unsealed(verifyEvidenceJson(evidence, this.#settings), 'json', this.#trust));
  }

  /** As a folder of an export: what vouches for it is judged as a whole. */
  #line({ number, bytes }: EvidenceLine): UnitResult {
    const name = `${EVIDENCE_LINES} ${number}`;
    const evidence = bytes && findEvidenceJson(bytes);
    if (!evidence) return refusal(name, new NoInputError('file.no-signature'));
    const report = verifyEvidenceJson(evidence, this.#settings);
    const exported = findExportedFacts(name, evidence.files, report);
    return { name, report: this.#shown(report), reason: undefined, outcome: 'passed', exported };
  }

  async #bundles(path: string, names: readonly string[]): Promise<readonly UnitResult[]> {
    const results: UnitResult[] = [];
    for (const name of names) {
      results.push(await this.#bundle(name, () => readBundle(readBundleFile(join(path, name)))));
    }
    return results;
  }

  #bundle(name: string, read: () => Promise<Bundle>): Promise<UnitResult> {
    return guard(name, async () => this.#found(name, await verifyBundle(await read(), this.#settings, this.#trust)));
  }

  #found(name: string, report: Report & Findings): UnitResult {
    const outcome = outcomeOf(report, { keptCheckpoint: this.#trust.ledger.kept !== undefined });
    return { name, report: this.#shown(report), reason: undefined, outcome };
  }

  #open(path: string): ZipReader {
    if (this.#zip?.path === path) return this.#zip;
    this.#closeZip();
    this.#zip = new ZipReader(path);
    return this.#zip;
  }

  #shown(report: Report): Report | JsonReport {
    const shown = this.#reveal ? report : maskReport(report);
    if (this.#form === 'report') return shown;
    const { indication, subIndication, matches } = shown;
    return { indication, subIndication, matches, json: JSON.stringify(shown) };
  }
}

/** An evidence that is unreadable or misleading does not keep the others from being verified. */
async function guard(name: string, verify: () => UnitResult | Promise<UnitResult>): Promise<UnitResult> {
  try {
    return await verify();
  } catch (error) {
    return refusal(name, error);
  }
}

function isBeside(file: string): boolean {
  return file === BUNDLE_FILE || besideEvidence.includes(file);
}

function refusal(name: string, error: unknown): UnitResult {
  if (!(error instanceof FileError)) throw error;
  return { name, report: undefined, reason: error.reason };
}
