import type { DataKey } from '../../../vault/envelope.ts';
import { readWritten, SealedWriter, type SealedKind, type Written } from './sealed-file.ts';

/** `notes`: what the archive must know at its end. `lines`: evidence.jsonl, whose size stands in front of it. */
export const resultParts = ['result', 'notes', 'lines'] as const;
export type ResultPart = (typeof resultParts)[number];

const kinds: Readonly<Record<ResultPart, SealedKind>> = {
  result: 'export-chunk',
  notes: 'export-notes',
  lines: 'export-lines',
};

/** How far the files of an attempt were written, and where they are. */
export interface SavedFiles {
  readonly attempt: number;
  /** Whole chunks of each part. */
  readonly chunks: Readonly<Record<ResultPart, number>>;
  /** The octets after them, sealed together. */
  readonly tailsSealed: Buffer;
}

/** Whose files, and under which key. */
export interface FilesOf {
  readonly exportId: string;
  readonly attempt: number;
  readonly key: DataKey;
  readonly pathOf: (attempt: number, part: ResultPart) => string;
}

/** The files of one attempt at an order, all sealed under the key of the export. */
export class AttemptFiles {
  private constructor(
    private readonly of: FilesOf,
    private readonly writers: Readonly<Record<ResultPart, SealedWriter>>,
  ) {}

  /** New files, which go on where those of an attempt before were saved. @throws as {@link SealedWriter.create} */
  static async create(of: FilesOf, saved?: SavedFiles): Promise<AttemptFiles> {
    const { key, attempt, pathOf } = of;
    const tails = saved && openTails(of, saved.tailsSealed);
    const writers: Partial<Record<ResultPart, SealedWriter>> = {};
    try {
      for (const part of resultParts) {
        const before = saved &&
          tails && { path: pathOf(saved.attempt, part), chunks: saved.chunks[part], tail: tails[part] };
        writers[part] = await SealedWriter.create(pathOf(attempt, part), { key, kind: kinds[part] }, before);
      }
    } catch (error) {
      for (const writer of Object.values(writers)) await writer.close();
      throw error;
    }
    return new AttemptFiles(of, writers as Record<ResultPart, SealedWriter>);
  }

  append(part: ResultPart, bytes: Uint8Array): Promise<void> {
    return this.writers[part].append(bytes);
  }

  /** All that was written to a part so far. */
  async *read(part: ResultPart): AsyncGenerator<Buffer> {
    const { key, attempt, pathOf } = this.of;
    yield* readWritten(pathOf(attempt, part), { key, kind: kinds[part] }, await this.writers[part].flush());
  }

  /** How to go on from here, which holds once {@link sync} resolves. More may be written meanwhile. */
  async mark(): Promise<Omit<SavedFiles, 'attempt'>> {
    const written: Partial<Record<ResultPart, Written>> = {};
    for (const part of resultParts) written[part] = await this.writers[part].flush();
    const chunks = Object.fromEntries(resultParts.map((part) => [part, written[part]?.chunks])) as SavedFiles['chunks'];
    return { chunks, tailsSealed: sealTails(this.of, written as Record<ResultPart, Written>) };
  }

  /** When it resolves, what was marked before is on disk. */
  async sync(): Promise<void> {
    await Promise.all(resultParts.map((part) => this.writers[part].sync()));
  }

  /** Writes the last chunk of the result. @returns its length in octets */
  finish(): Promise<number> {
    return this.writers.result.finish();
  }

  async close(): Promise<void> {
    for (const part of resultParts) await this.writers[part].close();
  }
}

const TAILS = 'export-tails';

/** Each with its length (4 octets, big endian) before it. */
function sealTails({ key, exportId }: FilesOf, written: Readonly<Record<ResultPart, Written>>): Buffer {
  const tails = resultParts.flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(written[part].tail.length);
    return [length, written[part].tail];
  });
  return key.seal(TAILS, exportId, Buffer.concat(tails));
}

function openTails({ key, exportId }: FilesOf, sealed: Buffer): Readonly<Record<ResultPart, Buffer>> {
  let rest = key.open(TAILS, exportId, sealed);
  const tails: Partial<Record<ResultPart, Buffer>> = {};
  for (const part of resultParts) {
    const end = 4 + rest.readUInt32BE(0);
    tails[part] = rest.subarray(4, end);
    rest = rest.subarray(end);
  }
  return tails as Record<ResultPart, Buffer>;
}
