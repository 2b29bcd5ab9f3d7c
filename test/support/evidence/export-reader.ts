import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exportFolder } from '../../../src/evidence-files/evidence-folder.ts';
import { runCli } from '../commands/run-cli.ts';
import { makeVector } from '../vectors/vector.ts';
import {
  consentIdOf,
  folderFor,
  folderOf,
  ONE,
  trustsSeals,
  TWO,
  writeFolder,
  writeZip,
  type FolderFiles,
} from './evidence-export.ts';

export const THREE = exportFolder(4, '2026-06-01', consentIdOf(3));
const vector = makeVector();

/** Three consents by their folders. */
export const all = { [ONE]: folderOf(vector), [TWO]: folderFor(TWO), [THREE]: folderFor(THREE) };

/** What sigill verify finds in an export as a whole. */
interface Found {
  readonly code: number;
  readonly matches: unknown;
  readonly warnings: readonly string[];
  readonly complete: { readonly state: string };
  readonly ledger: unknown;
}

/** Exports in a folder of their own, as their reader verifies them; the seals of `sealing` are trusted. */
export class ExportReader {
  readonly work = mkdtempSync(join(tmpdir(), 'sigill-complete-'));
  readonly #trust = ['--trust-unpinned', this.file('root.pem', vector.rootPem), ...trustsSeals(this.work)];
  #count = 0;

  /** As a ZIP and as a directory: both must say the same. */
  async verify(files: FolderFiles, ...options: readonly string[]): Promise<Found> {
    const unpacked = await writeFolder(join(this.work, `unpacked-${this.#count}`), files);
    const found: Found[] = [];
    for (const path of [await this.#zip(files), unpacked]) {
      const { code, stdout } = await runCli('verify', path, ...this.#trust, ...options, '--json');
      const { matches, warnings, complete, ledger } = JSON.parse(stdout) as Found;
      found.push({ code, matches, warnings: warnings.toSorted(), complete, ledger });
    }
    const [one, two] = found;
    expect(one).toEqual(two);
    return one!;
  }

  /** The report for people. */
  async textOf(files: FolderFiles, lang: string, ...options: readonly string[]): Promise<string> {
    return (await runCli('verify', await this.#zip(files), ...this.#trust, ...options, '--lang', lang)).stdout;
  }

  /** The path of a file with this content. */
  file(name: string, content: string | Buffer): string {
    mkdirSync(dirname(join(this.work, name)), { recursive: true });
    writeFileSync(join(this.work, name), content);
    return join(this.work, name);
  }

  end(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  #zip(files: FolderFiles): Promise<string> {
    this.#count += 1;
    return writeZip(join(this.work, `${this.#count}.zip`), files);
  }
}
