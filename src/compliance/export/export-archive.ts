import { hash } from 'node:crypto';
import { evidenceFolder, FOLDER_LIST, folderLine, MANIFEST_SEAL } from '../../evidence-files/evidence-folder.ts';
import {
  formatLedgerLine,
  formatLedgerRange,
  LEDGER_LINES,
  LEDGER_RANGE,
  type LedgerLine,
} from '../../evidence-files/ledger-lines.ts';
import type { IndexedConsent } from '../../evidence-files/index-columns.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import type { AuthorisedConsent } from './authorised-consent.repository.ts';
import { exportReadme } from './readme/readme.ts';
import type { CoveredRange } from '../../ledger/ledger.ts';
import { indexHeader, indexLines, rowOf } from './index-csv.ts';
import type { Manifest } from './manifest.ts';
import { PackedBytes } from '../../crypto/zip/packed-bytes.ts';
import { ZipWriter } from '../../crypto/zip/zip-writer.ts';

/** The page for people who have nothing but the export. */
const README = 'README.html';

/** Lines of the index that are written together: csv-stringify takes as long to begin as for one of them. */
const ROWS = 64;

/**
 * The bytes of an export, in their order: folders, lists, manifest and seal, directory. Of a folder that was written its lines in
 * the lists and its place in the directory are kept, deflated.
 */
export class ExportArchive {
  readonly #zip = new ZipWriter();
  readonly #index = new PackedBytes();
  readonly #sheet = new PackedBytes();
  readonly #folders = new PackedBytes();
  readonly #ledger = new PackedBytes();
  #range: CoveredRange | undefined;
  #rows: IndexedConsent[] = [];

  constructor(private readonly manifest: Manifest) {
    this.#index.append(utf8(indexHeader('rfc4180')));
    this.#sheet.append(utf8(indexHeader('spreadsheet-sv')));
  }

  /**
   * The folder of a consent, which is in the export once. It is one chunk outside Node's pool: as pieces of the pool its files would
   * keep all that was read and decrypted beside them until the reader has taken them.
   */
  folder(evidence: Evidence, { authorisedAt, course }: AuthorisedConsent): Buffer {
    const folder = evidence.consentId;
    const files = evidenceFolder(evidence);
    const facts = parseNonVisibleData(evidence.nonVisibleData);
    this.#rows.push(rowOf({ folder, evidence, facts, authorisedAt, course }));
    if (this.#rows.length >= ROWS) this.#flushIndex();
    this.#folders.append(utf8(folderLine(folder, files)));
    this.manifest.addConsent(facts.initiation.instructedAmount, course.state);
    const parts = [...files].flatMap(([name, bytes]) => this.#zip.member(`${folder}/${name}`, bytes));
    return together(parts);
  }

  /** What is said of a number of this range; call it for each, in their order. */
  ledgerLine(range: CoveredRange, line: LedgerLine): void {
    this.#range = range;
    this.#ledger.append(utf8(formatLedgerLine(line)));
  }

  /** The two indexes, the other lists and the page for people, whose sums the manifest is given. */
  *lists(): Generator<Buffer> {
    const ledger = this.#range && { [LEDGER_LINES]: this.#ledger, [LEDGER_RANGE]: rangeFile(this.#range) };
    const lists: Readonly<Record<string, PackedBytes>> = {
      'index.csv': this.#index,
      'index.sv.csv': this.#sheet,
      [FOLDER_LIST]: this.#folders,
      ...ledger,
    };
    this.#flushIndex();
    for (const [path, bytes] of Object.entries(lists)) {
      const facts = bytes.finish();
      this.manifest.addFile(path, facts.sha256);
      yield this.#zip.begin(path, facts);
      yield* bytes.read();
    }
    yield this.#readme(Object.keys(lists));
  }

  /** Last of the files beside the folders, because it says how much there is. */
  #readme(lists: readonly string[]): Buffer {
    const page = exportReadme(this.manifest.facts(), [...lists, README, 'manifest.json', MANIFEST_SEAL]);
    this.manifest.addFile(README, hash('sha256', page, 'hex'));
    return Buffer.concat(this.#zip.member(README, page));
  }

  #flushIndex(): void {
    this.#index.append(utf8(indexLines(this.#rows, 'rfc4180')));
    this.#sheet.append(utf8(indexLines(this.#rows, 'spreadsheet-sv')));
    this.#rows = [];
  }

  sealed(manifest: Buffer, seal: Buffer): Buffer {
    const members = [...this.#zip.member('manifest.json', manifest), ...this.#zip.member(MANIFEST_SEAL, seal)];
    return Buffer.concat(members);
  }

  directory(): Generator<Buffer> {
    return this.#zip.end();
  }
}

function rangeFile(range: CoveredRange): PackedBytes {
  const file = new PackedBytes();
  file.append(formatLedgerRange(range, range.proof));
  return file;
}

function together(parts: readonly Uint8Array[]): Buffer {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const whole = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
