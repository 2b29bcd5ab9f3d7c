import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { readBody } from './read-body.ts';

const LIMIT = 64 * 1024;

/** A request as far as its body goes, and the other end of it. */
function arriving(headers: IncomingHttpHeaders = {}): {
  readonly request: IncomingMessage;
  readonly wire: PassThrough;
} {
  const wire = new PassThrough();
  return { request: Object.assign(wire, { headers }) as unknown as IncomingMessage, wire };
}

async function read(body: Uint8Array, headers: IncomingHttpHeaders = {}): Promise<string> {
  const { request, wire } = arriving(headers);
  wire.end(body);
  return (await readBody(request)).toString('latin1');
}

const refusedAs = (code: string): object => expect.objectContaining({ code }) as object;

describe('a body', () => {
  it('is what came, in however many pieces', async () => {
    const { request, wire } = arriving();
    const body = readBody(request);
    for (const piece of ['a=', 'b', '&c=d']) wire.write(piece);
    wire.end();
    expect((await body).toString()).toBe('a=b&c=d');
    expect(await read(Buffer.alloc(0))).toBe('');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is unpacked from %s, but not beyond the limit', async (coding, pack) => {
    expect(await read(pack('a=b'), { 'content-encoding': coding })).toBe('a=b');
    expect(await read(pack('a'.repeat(LIMIT)), { 'content-encoding': coding.toUpperCase() })).toHaveLength(LIMIT);
    const bomb = read(pack('a'.repeat(LIMIT + 1)), { 'content-encoding': coding });
    await expect(bomb).rejects.toEqual(refusedAs('request.too-large'));
    const broken = read(Buffer.from('no such coding'), { 'content-encoding': coding });
    await expect(broken).rejects.toEqual(refusedAs('request.malformed'));
  });

  it('may be as large as the limit, and not one octet larger, declared or not', async () => {
    expect(await read(Buffer.alloc(LIMIT, 'a'))).toHaveLength(LIMIT);
    await expect(read(Buffer.alloc(LIMIT + 1))).rejects.toEqual(refusedAs('request.too-large'));
    const { request } = arriving({ 'content-length': String(LIMIT + 1) });
    await expect(readBody(request)).rejects.toEqual(refusedAs('request.too-large'));
  });

  it('in an unknown coding is not read', async () => {
    const { request } = arriving({ 'content-encoding': 'zstd-of-the-future' });
    await expect(readBody(request)).rejects.toEqual(refusedAs('request.unsupported-media-type'));
  });

  it('that is cut off is refused, also when it was cut off before it was read', async () => {
    const { request, wire } = arriving();
    const body = readBody(request);
    wire.write('a=');
    wire.destroy(new Error('aborted'));
    await expect(body).rejects.toEqual(refusedAs('request.malformed'));
    const gone = arriving();
    gone.wire.destroy();
    await expect(readBody(gone.request)).rejects.toEqual(refusedAs('request.malformed'));
  });
});
