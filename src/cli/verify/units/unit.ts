import { hash } from 'node:crypto';
import { join } from 'node:path';
import { maskReport, type Report } from '../../../verification/report.ts';
import { holdsSignature } from '../../../evidence-files/completion-files.ts';
import { findEvidenceJson } from '../../../evidence-files/evidence-json.ts';
import { FileError, type FileMessage } from '../../../evidence-files/file-messages.ts';
import type { Files } from '../../../evidence-files/folder-checks.ts';
import { verifyBare, verifyEvidenceJson, verifyFolder } from '../../../evidence-files/verify-files.ts';
import type { Settings } from '../../../evidence-files/verify-settings.ts';
import { readDirectory, readRegularFile } from '../files/directory-files.ts';
import { NoInputError } from '../files/exit-codes.ts';
import { FOLDER_NOTES } from '../../../evidence-files/evidence-folder.ts';
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
  /** The JSON of `GET /evidence/{id}`. */
  | { readonly kind: 'json'; readonly path: string };

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
  /** SHA-256 of the VERIFY.txt of an export's folder, which has a verdict only for what that file says. */
  readonly sum?: string | undefined;
  /** Of a folder of an export. */
  readonly exported?: ExportedFacts | undefined;
}

/** Verifies units one after the other; a ZIP stays open from one to the next. */
export class UnitVerifier {
  #zip: ZipReader | undefined;

  // Fields, because a worker thread may load this file with its types only stripped, which parameter properties do not allow.
  readonly #settings: Settings;
  readonly #reveal: boolean;
  readonly #form: 'report' | 'json';

  constructor(settings: Settings, reveal: boolean, form: 'report' | 'json') {
    this.#settings = settings;
    this.#reveal = reveal;
    this.#form = form;
  }

  verify(unit: Unit): readonly UnitResult[] {
    if (unit.kind === 'bare') {
      return unit.completions.map((one) => this.#guard(one.signature, () => this.#bare(unit.path, one)));
    }
    if (unit.kind === 'json') return [this.#guard('', () => this.#json(unit.path))];
    if (unit.kind === 'zip') {
      return unit.folders.map(({ name, members }) =>
        this.#guard(name, () => this.#folder(name, this.#open(unit.path).readAll(members), unit.isExport)),
      );
    }
    return unit.folders.map((name) =>
      this.#guard(name, () => this.#folder(name, readDirectory(join(unit.path, name)), unit.isExport)),
    );
  }

  close(): void {
    this.#zip?.close();
    this.#zip = undefined;
  }

  #folder(name: string, files: Files, isExport: boolean): UnitResult {
    const report = verifyFolder(files, this.#settings);
    const shown = { name, report: this.#shown(report), reason: undefined };
    if (!isExport) return shown;
    const notes = files.get(FOLDER_NOTES);
    return { ...shown, sum: notes && hash('sha256', notes, 'hex'), exported: findExportedFacts(name, files, report) };
  }

  #bare(path: string, { signature, ocsp }: BareCompletion): UnitResult {
    const read = (name: string): Buffer => readRegularFile(join(path, name), READ_LIMIT);
    const bytes = read(signature);
    if (!holdsSignature(bytes)) throw new NoInputError(bytes.length === 0 ? 'file.empty' : 'file.no-signature');
    const files = { signature: bytes, ocsp: ocsp === undefined ? undefined : read(ocsp), consent: undefined };
    return { name: signature, report: this.#shown(verifyBare(files, this.#settings)), reason: undefined };
  }

  #json(path: string): UnitResult {
    const evidence = findEvidenceJson(readRegularFile(path, READ_LIMIT));
    if (!evidence) throw new NoInputError('file.no-signature');
    return { name: '', report: this.#shown(verifyEvidenceJson(evidence, this.#settings)), reason: undefined };
  }

  #open(path: string): ZipReader {
    if (this.#zip?.path === path) return this.#zip;
    this.close();
    this.#zip = new ZipReader(path);
    return this.#zip;
  }

  /** An evidence that is unreadable or misleading does not keep the others from being verified. */
  #guard(name: string, verify: () => UnitResult): UnitResult {
    try {
      return verify();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return { name, report: undefined, reason: error.reason };
    }
  }

  #shown(report: Report): Report | JsonReport {
    const shown = this.#reveal ? report : maskReport(report);
    if (this.#form === 'report') return shown;
    const { indication, subIndication, matches } = shown;
    return { indication, subIndication, matches, json: JSON.stringify(shown) };
  }
}
