/** What an archive keeps until its end, by where it belongs. */
export const noteKinds = ['entry', 'index', 'sheet', 'folder', 'counts'] as const;
export type NoteKind = (typeof noteKinds)[number];

export interface Note {
  readonly kind: NoteKind;
  readonly bytes: Buffer;
}

const HEADER = 5;

/**
 * What an archive must know at its end of the members that it has written, one note after the other: kind (1 octet) ‖ length (4, big
 * endian) ‖ octets. An archive that reads all notes of another goes on where that one was.
 */
export class ArchiveNotes {
  #notes: Buffer[] = [];

  add(kind: NoteKind, bytes: Uint8Array): void {
    const note = Buffer.allocUnsafe(HEADER + bytes.length);
    note.writeUInt8(noteKinds.indexOf(kind), 0);
    note.writeUInt32BE(bytes.length, 1);
    note.set(bytes, HEADER);
    this.#notes.push(note);
  }

  /** Those since it was last called. */
  take(): Buffer {
    const taken = Buffer.concat(this.#notes);
    this.#notes = [];
    return taken;
  }
}

/** The notes in these octets, wherever they were cut. @throws Error where the last one is not whole */
export async function* readNotes(chunks: AsyncIterable<Buffer>): AsyncGenerator<Note> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= HEADER && bytes.length >= HEADER + bytes.readUInt32BE(1)) {
      const end = HEADER + bytes.readUInt32BE(1);
      const kind = noteKinds[bytes.readUInt8(0)];
      if (kind === undefined) throw new Error('the notes of an export have an unknown kind');
      yield { kind, bytes: bytes.subarray(HEADER, end) };
      bytes = bytes.subarray(end);
    }
    rest = Buffer.from(bytes);
  }
  if (rest.length > 0) throw new Error('the notes of an export are cut off');
}
