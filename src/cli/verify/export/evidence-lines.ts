import { createHash } from 'node:crypto';
import { consentIn, EVIDENCE_LINES } from '../../../evidence-files/evidence-folder.ts';
import { FileError, type ArchiveWarning, type ArchiveWarningId } from '../../../evidence-files/file-messages.ts';
import { READ_LIMIT } from '../files/read-file.ts';
import type { EvidenceLine, Unit, UnitResult } from '../units/unit.ts';
import { emptiedFolders, readLines, type ArchivePlan } from '../units/archive-files.ts';

const NEWLINE = 0x0a;
/** Lines that a thread is given together, and about how many octets they have at most. */
const UNIT_LINES = 32;
const UNIT_BYTES = READ_LIMIT;

/**
 * evidence.jsonl of an export: read once from the front, line by line, and each line given the folder that its consent has. Memory
 * holds the lines that are being verified, and of each folder its name.
 */
export class EvidenceLines {
  readonly problems: ArchiveWarning[] = [];
  readonly #sum = createHash('sha256');
  #isRead = false;
  /** By the consent in its name. */
  readonly #folders: ReadonlyMap<string, string>;
  /** Folders whose line was found. */
  readonly #found = new Set<string>();
  /** The place in the index of the line before. */
  #last = -1;

  constructor(private readonly plan: ArchivePlan) {
    this.#folders = new Map(emptiedFolders(plan).map((folder) => [consentIn(folder), folder]));
  }

  /** The lines in units. A file that cannot be read to its end is a problem, and ends them. */
  async *units(): AsyncGenerator<Unit> {
    let lines: EvidenceLine[] = [];
    let size = 0;
    try {
      for await (const line of splitLines(this.#chunks())) {
        lines.push(line);
        size += line.bytes?.length ?? 0;
        if (lines.length < UNIT_LINES && size < UNIT_BYTES) continue;
        yield { kind: 'lines', lines };
        [lines, size] = [[], 0];
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#problem('archive.file-refused', EVIDENCE_LINES);
    }
    if (lines.length > 0) yield { kind: 'lines', lines };
  }

  /** Its SHA-256, hexadecimal, once it has been read; undefined if it cannot be. */
  sha256(): string | undefined {
    return this.#isRead ? this.#sum.copy().digest('hex') : undefined;
  }

  /**
   * The folder of a line that was verified, in the order of the lines; undefined if it has none, or had one before.
   * @param placeOf the place of a folder in the index, in whose order the lines stand
   */
  folderOf(
    { name, report, exported }: UnitResult,
    placeOf: (folder: string) => number | undefined,
  ): string | undefined {
    if (!report) this.#problem('lines.malformed', name);
    if (!exported) return undefined;
    const folder = this.#folders.get(exported.consentId);
    if (folder === undefined) {
      this.#problem('lines.unknown', name);
      return undefined;
    }
    if (this.#found.has(folder)) {
      this.#problem('lines.twice', `${folder} (${name})`);
      return undefined;
    }
    this.#found.add(folder);
    const place = placeOf(folder) ?? this.#last;
    if (place < this.#last) this.#problem('lines.misplaced', `${folder} (${name})`);
    this.#last = Math.max(place, this.#last);
    return folder;
  }

  /** Whether a folder has a line with sound evidence of its consent. */
  has(folder: string): boolean {
    return this.#found.has(folder);
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of readLines(this.plan)) {
      this.#sum.update(chunk);
      yield chunk;
    }
    this.#isRead = true;
  }

  #problem(id: ArchiveWarningId, file: string): void {
    this.problems.push({ id, file });
  }
}

/** Lines without their newline. One that is too long for evidence, or is cut off, has no octets: no more of it is kept than the limit. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<EvidenceLine> {
  const line = new GrowingLine();
  for await (const chunk of chunks) {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
      line.append(chunk.subarray(at, end));
      yield line.take();
      at = end + 1;
    }
    line.append(chunk.subarray(at));
  }
  if (line.size > 0) yield { number: line.take().number, bytes: undefined };
}

class GrowingLine {
  size = 0;
  #number = 0;
  #parts: Buffer[] = [];

  append(part: Buffer): void {
    this.size += part.length;
    if (this.size > READ_LIMIT) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** The line, in memory of its own: what is passed to another thread is copied with all the memory that it is a part of. */
  take(): EvidenceLine {
    this.#number += 1;
    const bytes = this.size > READ_LIMIT ? undefined : new Uint8Array(Buffer.concat(this.#parts));
    [this.size, this.#parts] = [0, []];
    return { number: this.#number, bytes };
  }
}
