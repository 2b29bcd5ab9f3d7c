import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../client-auth/access.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { ExportJournal } from './export-journal.ts';
import { ExportOrders } from './export-orders.ts';
import { openStates, type ExportOrder } from './export-order.ts';
import { readRange, type ByteRange } from './result/byte-range.ts';
import { ExportResults } from './result/export-results.ts';
import { readSealed } from './result/sealed-file.ts';

/** So often, a download looks whether its result is still kept. */
export const STILL_KEPT_MS = SECOND_MS;

/** What a client asks for of a result. */
export interface WantedContent {
  readonly range: string | undefined;
  /** If-Range (RFC 9110 §13.1.5): the range counts only for the result with this entity tag. */
  readonly ifRange: string | undefined;
}

/** A result, or a part of it, as it is sent. */
export interface ExportContent {
  readonly status: 200 | 206;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: Readable;
}

/** Results for those who ordered them, opened as they are sent. Each download is recorded before its first octet. */
@Injectable()
export class ExportDownloads {
  constructor(
    private readonly orders: ExportOrders,
    private readonly results: ExportResults,
    private readonly journal: ExportJournal,
  ) {}

  /**
   * @param setHeader for the header that tells the size to a caller who asked for a range beyond it
   * @throws DomainError `export.not-found`, `export.not-ready`, `export.gone`, `export.unavailable`, `request.range-not-satisfiable`
   */
  async open(
    id: string,
    caller: Caller,
    { range, ifRange }: WantedContent,
    setHeader: (name: string, value: string) => void,
  ): Promise<ExportContent> {
    const order = await this.orders.get(id, caller);
    const { exportId } = order;
    const { size, etag } = readyResult(order);
    const { key, pathOf } = await this.results.filesOf(exportId);
    if (!key) throw new DomainError('export.gone');
    await this.results.checkThere();
    const wanted = readRange(ifRange === undefined || ifRange === etag ? range : undefined, size);
    if (wanted === 'unsatisfiable') {
      setHeader('Content-Range', `bytes */${size}`);
      throw new DomainError('request.range-not-satisfiable');
    }
    const part = wanted === 'whole' ? { first: 0, last: size - 1 } : wanted;
    const read = (octets: ByteRange): AsyncGenerator<Buffer> =>
      readSealed(pathOf(order.attempt, 'result'), key, size, octets);
    await checkReadable(read({ first: part.first, last: part.first }));
    await this.journal.recordAlone(exportId, 'export.downloaded', caller.clientId, { ...part, size });
    const headers = {
      'Accept-Ranges': 'bytes',
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${exportId}.zip"`,
      'Content-Length': String(part.last - part.first + 1),
      ETag: etag,
      ...(wanted !== 'whole' && { 'Content-Range': `bytes ${part.first}-${part.last}/${size}` }),
    };
    const stream = Readable.from(this.#whileKept(exportId, read(part)), { objectMode: false });
    return { status: wanted === 'whole' ? 200 : 206, headers, stream };
  }

  /** A slow download ends when the key of its result does, though this holds the key. @throws DomainError `export.gone` */
  async *#whileKept(exportId: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let seenAt = performance.now();
    for await (const chunk of chunks) {
      if (performance.now() - seenAt >= STILL_KEPT_MS) {
        if (!(await this.results.filesOf(exportId)).key) throw new DomainError('export.gone');
        seenAt = performance.now();
      }
      yield chunk;
    }
  }
}

/** What cannot be sent is refused before it is begun. @throws DomainError `export.unavailable` */
async function checkReadable(octet: AsyncIterable<Buffer>): Promise<void> {
  try {
    await buffer(octet);
  } catch (cause) {
    throw new DomainError('export.unavailable', { log: 'the result of an export is not as it was written', cause });
  }
}

/** @throws DomainError `export.not-ready`, `export.gone` */
function readyResult({ state, size, sha256 }: ExportOrder): { readonly size: number; readonly etag: string } {
  if (openStates.includes(state)) throw new DomainError('export.not-ready', { extra: { state } });
  if (size === undefined || !sha256 || state !== 'ready') throw new DomainError('export.gone', { extra: { state } });
  return { size, etag: `"${sha256.toString('hex')}"` };
}
