import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { maskReport, type Report } from '../../verification/report.ts';
import type { Files } from '../../verifying/folder-checks.ts';
import { verifyBare, verifyFolder, verifyNothing } from '../../verifying/verify-files.ts';
import type { Settings } from '../../verifying/verify-settings.ts';
import { ArchiveRefused } from '../../verifying/zip-archive.ts';
import { readDirectory, readRegularFile } from './directory-files.ts';
import { NoInputError } from './exit-codes.ts';
import { readFolder, type FileSet } from './file-set.ts';
import { READ_LIMIT } from './read-file.ts';
import { openZip } from './zip-files.ts';

/** A few evidences that one thread verifies in one go. Plain data. */
export type Unit =
  | {
      readonly kind: 'zip' | 'directory';
      readonly path: string;
      readonly folders: readonly string[];
      /** Whether a manifest waits for the sums of the files. */
      readonly sums: boolean;
    }
  | { readonly kind: 'bare'; readonly path: string; readonly completions: readonly BareCompletion[] };

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
  /** The verdict; undefined where the system refused to read. As JSON where lines are wanted: a text passes between threads at a fraction of the cost. */
  readonly report: Report | JsonReport | undefined;
  /** What to tell a person besides. */
  readonly message: string | undefined;
  /** SHA-256 of each file by its path in the set. */
  readonly sums: readonly (readonly [path: string, sum: string])[];
}

/** Verifies units one after the other; a ZIP stays open from one to the next. */
export class UnitVerifier {
  #zip: { readonly path: string; readonly set: FileSet } | undefined;

  readonly #settings: Settings;
  readonly #reveal: boolean;
  readonly #form: 'report' | 'json';

  constructor(settings: Settings, reveal: boolean, form: 'report' | 'json') {
    this.#settings = settings;
    this.#reveal = reveal;
    this.#form = form;
  }

  async verify(unit: Unit): Promise<readonly UnitResult[]> {
    const results: UnitResult[] = [];
    if (unit.kind === 'bare') {
      for (const one of unit.completions)
        results.push(await this.#guard(one.signature, () => this.#bare(unit.path, one)));
      return results;
    }
    for (const name of unit.folders) {
      const read = (): Promise<Files> => this.#read(unit.kind, unit.path, name);
      results.push(await this.#guard(name, async () => this.#folder(name, await read(), unit.sums)));
    }
    return results;
  }

  async close(): Promise<void> {
    await this.#zip?.set.close();
    this.#zip = undefined;
  }

  #folder(name: string, files: Files, wantsSums: boolean): UnitResult {
    const report = this.#shown(verifyFolder(files, this.#settings));
    const sums = wantsSums ? [...files].map(([file, bytes]) => [join(name, file), sha256(bytes)] as const) : [];
    return { name, report, message: undefined, sums };
  }

  #bare(path: string, { signature, ocsp }: BareCompletion): UnitResult {
    const read = (name: string): Buffer => readRegularFile(join(path, name), READ_LIMIT);
    const files = { signature: read(signature), ocsp: ocsp === undefined ? undefined : read(ocsp), consent: undefined };
    return { name: signature, report: this.#shown(verifyBare(files, this.#settings)), message: undefined, sums: [] };
  }

  async #read(kind: 'zip' | 'directory', path: string, folder: string): Promise<Files> {
    if (kind === 'directory') return readDirectory(join(path, folder));
    if (this.#zip?.path !== path) {
      await this.close();
      this.#zip = { path, set: await openZip(path) };
    }
    return readFolder(this.#zip.set, folder);
  }

  /** One that cannot be read, or would deceive its reader, does not keep the others from being verified. */
  async #guard(name: string, verify: () => UnitResult | Promise<UnitResult>): Promise<UnitResult> {
    try {
      return await verify();
    } catch (error) {
      if (error instanceof NoInputError) return { name, report: undefined, message: error.message, sums: [] };
      if (!(error instanceof ArchiveRefused)) throw error;
      return { name, report: verifyNothing(this.#settings), message: error.message, sums: [] };
    }
  }

  #shown(report: Report): Report | JsonReport {
    const shown = this.#reveal ? report : maskReport(report);
    if (this.#form === 'report') return shown;
    const { indication, subIndication, matches } = shown;
    return { indication, subIndication, matches, json: JSON.stringify(shown) };
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
