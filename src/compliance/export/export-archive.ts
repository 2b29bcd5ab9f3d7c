import { createHash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { EVIDENCE_LINES, FOLDER_LIST, folderLines, MANIFEST_SEAL } from '../../evidence-files/evidence-folder.ts';
import {
  formatLedgerLine,
  formatLedgerRange,
  LEDGER_LINES,
  LEDGER_RANGE,
  type LedgerLine,
} from '../../evidence-files/ledger-lines.ts';
import type { IndexedConsent } from '../../evidence-files/index-columns.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { freeMemory } from '../../kernel/memory/free-memory.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import type { AuthorisedConsent } from './authorised-consent.repository.ts';
import { readNotes, type ArchiveNotes, type Note, type NoteKind } from './archive-notes.ts';
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

/** What an archive has of one consent. */
export interface ArchivedConsent {
  readonly folder: string;
  readonly evidence: Evidence;
  readonly consent: AuthorisedConsent;
  /** The evidence folder as it is hashed; empty where the export has no signatures, or has them in another form. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Further files of the folder, each with a line of its own in the list. */
  readonly beside: ReadonlyMap<string, Buffer>;
  /** Of evidence.jsonl, where the export has that. */
  readonly line: Buffer | undefined;
}

/**
 * The bytes of an export, in their order: folders, lists, manifest and seal, directory. Of a folder that was written its lines in
 * the lists and its place in the directory are kept, deflated, and noted, if notes are wanted.
 */
export class ExportArchive {
  readonly #zip: ZipWriter;
  readonly #index = new PackedBytes();
  readonly #sheet = new PackedBytes();
  readonly #folders = new PackedBytes();
  readonly #ledger = new PackedBytes();
  #range: CoveredRange | undefined;
  #rows: IndexedConsent[] = [];

  constructor(
    private readonly manifest: Manifest,
    private readonly notes?: ArchiveNotes,
  ) {
    this.#zip = new ZipWriter((entry) => this.#note('entry', entry));
    this.#index.append(utf8(indexHeader('rfc4180')));
    this.#sheet.append(utf8(indexHeader('spreadsheet-sv')));
  }

  /**
   * The folder of a consent, for one who waits for its reader. It is one chunk outside Node's pool: as pieces of the pool its files
   * would keep all that was read and decrypted beside them until the reader has taken them.
   */
  folder(consent: ArchivedConsent): Buffer {
    return together(this.folderParts(consent));
  }

  /** The octets of the folder of a consent, which is in the export once, in their order: for one who copies them at once. */
  folderParts({ folder, evidence, consent, files, beside }: ArchivedConsent): readonly Uint8Array[] {
    const { authorisedAt, course } = consent;
    const facts = parseNonVisibleData(evidence.nonVisibleData);
    this.#rows.push(rowOf({ folder, evidence, facts, authorisedAt, course }));
    if (this.#rows.length >= ROWS) this.#flushIndex();
    this.#keep('folder', this.#folders, utf8(folderLines(folder, files, beside)));
    this.manifest.addConsent(facts.initiation.instructedAmount, course.state);
    return [...files, ...beside].flatMap(([name, bytes]) => this.#zip.member(`${folder}/${name}`, bytes));
  }

  /** Goes on where the archive was that wrote these notes. */
  async restore(notes: AsyncIterable<Buffer>): Promise<void> {
    for await (const note of readNotes(notes)) this.#restore(note);
  }

  /** What is to be noted of the folders since the last call. */
  takeNotes(): Buffer {
    this.#flushIndex();
    this.#note('counts', utf8(JSON.stringify(this.manifest.counts())));
    return this.notes?.take() ?? Buffer.alloc(0);
  }

  /** What stands before evidence.jsonl, which the caller writes next. @param chunks of that file, whose memory is freed */
  async beginLines(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
    const sum = createHash('sha256');
    let [size, crc] = [0, 0];
    for await (const chunk of chunks) {
      sum.update(chunk);
      crc = crc32(chunk, crc);
      size += chunk.length;
      freeMemory(chunk);
    }
    this.manifest.addFile(EVIDENCE_LINES, sum.digest('hex'));
    return this.#zip.begin(EVIDENCE_LINES, { size, crc });
  }

  /** What is said of a number of this range; call it for each, in their order. */
  ledgerLine(range: CoveredRange, line: LedgerLine): void {
    this.#range = range;
    this.#ledger.append(utf8(formatLedgerLine(line)));
  }

  /** The two indexes, the other lists and the page for people, whose sums the manifest is given. */
  *lists(): Generator<Buffer> {
    this.#flushIndex();
    const ledger = this.#range && { [LEDGER_LINES]: this.#ledger, [LEDGER_RANGE]: rangeFile(this.#range) };
    const lists: Readonly<Record<string, PackedBytes>> = {
      'index.csv': this.#index,
      'index.sv.csv': this.#sheet,
      [FOLDER_LIST]: this.#folders,
      ...ledger,
    };
    for (const [path, bytes] of Object.entries(lists)) {
      const facts = bytes.finish();
      this.manifest.addFile(path, facts.sha256);
      yield this.#zip.begin(path, facts);
      yield* bytes.read();
    }
    yield this.#readme(this.manifest.paths());
  }

  /** Last of the files beside the folders, because it says how much there is. */
  #readme(lists: readonly string[]): Buffer {
    const page = exportReadme(this.manifest.facts(), [...lists, README, 'manifest.json', MANIFEST_SEAL]);
    this.manifest.addFile(README, hash('sha256', page, 'hex'));
    return Buffer.concat(this.#zip.member(README, page));
  }

  sealed(manifest: Buffer, seal: Buffer): Buffer {
    const members = [...this.#zip.member('manifest.json', manifest), ...this.#zip.member(MANIFEST_SEAL, seal)];
    return Buffer.concat(members);
  }

  directory(): Generator<Buffer> {
    return this.#zip.end();
  }

  #restore({ kind, bytes }: Note): void {
    if (kind === 'entry') this.#zip.restore(bytes);
    else if (kind === 'index') this.#index.append(bytes);
    else if (kind === 'sheet') this.#sheet.append(bytes);
    else if (kind === 'folder') this.#folders.append(bytes);
    else this.manifest.restore(bytes);
  }

  #flushIndex(): void {
    if (this.#rows.length === 0) return;
    this.#keep('index', this.#index, utf8(indexLines(this.#rows, 'rfc4180')));
    this.#keep('sheet', this.#sheet, utf8(indexLines(this.#rows, 'spreadsheet-sv')));
    this.#rows = [];
  }

  #keep(kind: NoteKind, list: PackedBytes, bytes: Buffer): void {
    list.append(bytes);
    this.#note(kind, bytes);
  }

  #note(kind: NoteKind, bytes: Buffer): void {
    this.notes?.add(kind, bytes);
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
