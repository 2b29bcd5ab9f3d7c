import fc from 'fast-check';
import { crc32, deflateRawSync } from 'node:zlib';
import { ArchiveRefused, listArchive, readMember, sourceOf } from '../../../src/evidence-files/zip-archive.ts';
import { field, zipOf, type WrittenMember } from '../../support/evidence/zip-writer.ts';

const limits = { members: 10, memberBytes: () => 100_000 };

/** Every member by its name; or what it was refused for. */
async function readZip(zip: Buffer): Promise<Readonly<Record<string, string>> | string> {
  try {
    const { members } = await listArchive(sourceOf(zip), limits);
    const read = [...members].map(([name, member]) => [name, readMember(sourceOf(zip), member, 100_000)] as const);
    return Object.fromEntries(read.map(([name, bytes]) => [name, bytes.toString('latin1')]));
  } catch (error) {
    if (error instanceof ArchiveRefused) return error.reason.message;
    throw error;
  }
}

const index: WrittenMember = { name: 'index.csv', content: Buffer.from('consent_id,amount\r\n') };
const text = Buffer.from('the same words, the same words, the same words');
const packed: WrittenMember = { name: 'one/a.txt', content: text, isDeflated: true };
const streamed: WrittenMember = { ...packed, name: 'one/b.txt', hasDescriptor: true };
const whole = { 'index.csv': 'consent_id,amount\r\n', 'one/a.txt': String(text), 'one/b.txt': String(text) };
const unixTimes = field(0x5455, Buffer.from('0300000000', 'hex'));

describe('a ZIP', () => {
  it('is read, stored or deflated, with a descriptor of either form and the times of Info-ZIP', async () => {
    expect(await readZip(zipOf([index, packed, streamed]))).toEqual(whole);
    const unsigned = { ...streamed, descriptor: { isSigned: false } };
    const timed = { ...packed, localExtra: unixTimes, centralExtra: unixTimes };
    expect(await readZip(zipOf([index, timed, unsigned]))).toEqual(whole);
  });

  const hidden = zipOf([{ name: 'one/consent.json', content: Buffer.from('{"amount":"9250.00"}') }]);
  const crooked: readonly (readonly [string, readonly WrittenMember[], string])[] = [
    ['another size in the local header', [{ ...index, local: { size: 3 } }], 'zip.headers-differ'],
    ['another packed size in the local header', [{ ...index, local: { packed: 3, size: 3 } }], 'zip.headers-differ'],
    ['another checksum in the local header', [{ ...index, local: { crc: 1 } }], 'zip.headers-differ'],
    ['other flags in the local header', [{ ...index, local: { flags: 8 } }], 'zip.headers-differ'],
    ['another method in the local header', [{ ...packed, local: { method: 0 } }], 'zip.headers-differ'],
    ['another name in the local header', [{ ...index, local: { name: 'index.tsv' } }], 'zip.headers-differ'],
    ['another time in the local header', [{ ...index, local: { time: 1 } }], 'zip.headers-differ'],
    ['another date in the local header', [{ ...index, local: { date: 1 } }], 'zip.headers-differ'],
    ['numbers before a descriptor', [{ ...streamed, local: { size: 3 } }], 'zip.headers-differ'],
    ['another size in the descriptor', [{ ...streamed, descriptor: { size: 3 } }], 'zip.headers-differ'],
    ['another packed size in the descriptor', [{ ...streamed, descriptor: { packed: 3 } }], 'zip.headers-differ'],
    ['another checksum in the descriptor', [{ ...streamed, descriptor: { crc: 3 } }], 'zip.headers-differ'],
    ['no descriptor where one is announced', [{ ...packed, flags: 8 }], 'zip.headers-differ'],
    ['a descriptor that is not announced', [{ ...streamed, flags: 0, local: {} }], 'zip.headers-differ'],
    ['a descriptor behind what is stored', [{ ...index, hasDescriptor: true }], 'zip.flags'],
    [
      'a member of its own inside a stored one, which ends earlier for a reader from the front',
      [{ ...index, content: Buffer.concat([index.content, hidden]), local: { packed: 19, size: 19 } }],
      'zip.headers-differ',
    ],
    ['octets behind a member', [{ ...index, behind: Buffer.from('x') }, packed], 'zip.hidden-bytes'],
    ['octets behind the last member', [index, { ...packed, behind: hidden }], 'zip.hidden-bytes'],
    ['octets behind a descriptor', [{ ...streamed, behind: Buffer.alloc(8) }, index], 'zip.hidden-bytes'],
    [
      'octets behind the end of what is deflated',
      [{ ...packed, octets: Buffer.concat([deflateRawSync(text), hidden]) }],
      'zip.hidden-bytes',
    ],
    ['a comment on a member', [{ ...index, comment: 'hidden' }], 'zip.hidden-bytes'],
    ['a checksum of something else', [{ ...index, crc: 7 }], 'zip.member-checksum'],
    ['a checksum of something else, deflated', [{ ...streamed, crc: 7 }], 'zip.member-checksum'],
    [
      'a field that gives a member another name',
      [{ ...index, localExtra: field(0x7075, Buffer.from('x')) }],
      'zip.extra-field',
    ],
    [
      'a field that gives a member another name in the directory',
      [{ ...index, centralExtra: field(0x7075, Buffer.from('x')) }],
      'zip.extra-field',
    ],
    ['64-bit sizes in the local header', [{ ...index, localExtra: field(1, Buffer.alloc(16)) }], 'zip.extra-field'],
    [
      'a field long enough to hide something in',
      [{ ...index, localExtra: field(0x5455, Buffer.alloc(99)) }],
      'zip.extra-field',
    ],
    ['a field that is cut off', [{ ...index, localExtra: unixTimes.subarray(0, 6) }], 'zip.extra-field'],
    ['flags that mask the header', [{ ...index, flags: 0x2000 }], 'zip.flags'],
    ['a device among its members', [{ ...index, attributes: 0o020644 * 65_536 }], 'zip.special'],
    ['a file that is a directory by Unix', [{ ...index, attributes: 0o040755 * 65_536 }], 'zip.special'],
    ['a file that is a directory by DOS', [{ ...index, attributes: 0x10 }], 'zip.special'],
    ['a FIFO among its members', [{ ...index, attributes: 0o010644 * 65_536 }], 'zip.special'],
    ['a file and a folder of one name', [packed, { name: 'one/a.txt/', content: Buffer.alloc(0) }], 'zip.name-twice'],
    ['two spellings of one name', [{ ...index, name: './index.csv' }, index], 'zip.foreign-name'],
    ['two names that differ in case only', [packed, { ...packed, name: 'one/A.TXT' }], 'zip.name-twice'],
  ];
  it.each(crooked)('with %s is refused', async (_, members, reason) => {
    expect(await readZip(zipOf(members))).toBe(reason);
  });

  it('with a comment is refused', async () => {
    expect(await readZip(zipOf([index], 'hidden'))).toBe('zip.hidden-bytes');
  });

  const sound = zipOf([index, packed]);
  const locator = Buffer.alloc(32);
  locator.write('PK\x06\x07', 12, 'latin1');
  it.each([
    ['a smaller directory', altered(sound, 12, 1)],
    ['fewer members in this part', altered(sound, 8, 1)],
    [
      'a locator of a second directory in its last field',
      zipOf([index, { ...packed, centralExtra: field(0x5455, locator) }]),
    ],
    ['a second directory, and an end that leads to it by offset and to the first by size', withTwoDirectories()],
  ])('whose end leads readers to %s is refused', async (_, zip) => {
    expect(await readZip(zip)).toMatch(/^zip\.(?:headers-differ|unsafe|cut-off)$/);
  });

  it('holds the same files or is refused, with any octet of it changed', async () => {
    const sound = zipOf([index, { ...packed, localExtra: unixTimes }, streamed]);
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const zip = Buffer.from(sound);
        for (const [at, octet] of changes) zip[at] = octet;
        const read = await readZip(zip);
        if (typeof read !== 'string') expect(read).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Another octet in the end. */
function altered(zip: Buffer, at: number, octet: number): Buffer {
  const copy = Buffer.from(zip);
  copy[zip.length - 22 + at] = octet;
  return copy;
}

/**
 * The directory once more inside the member that is stored last. Readers that go by its offset find it there, those that go back
 * from the end by its size find the other one, in which a name is different.
 */
function withTwoDirectories(): Buffer {
  const crc = 0x1234_5678;
  const holding = (content: Buffer): Buffer => zipOf([index, { name: 'last.bin', content, crc }]);
  const length = holding(Buffer.alloc(0)).length;
  const directoryOf = (zip: Buffer): Buffer => zip.subarray(zip.readUInt32LE(zip.length - 6), -22);
  const size = directoryOf(holding(Buffer.alloc(0))).length;
  const inside = directoryOf(holding(Buffer.alloc(size + 4)));
  const zip = holding(withCrc(inside, crc));
  const start = zip.readUInt32LE(zip.length - 6);
  zip.writeUInt32LE(start - size - 4, zip.length - 6);
  zip.write('index.tsv', zip.indexOf('index.csv', start), 'latin1');
  if (zip.length !== length + size + 4) throw new Error('not the ZIP that was meant');
  return zip;
}

/** The octets with four more, so that they have this checksum. */
function withCrc(octets: Buffer, wanted: number): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => (~crc32(Buffer.of(n ^ 0xff)) ^ 0x00ff_ffff) >>> 0);
  let state = ~wanted >>> 0;
  const patch: number[] = [];
  for (let step = 0; step < 4; step++) {
    const at = table.findIndex((value) => value >>> 24 === state >>> 24);
    patch.unshift(at);
    state = ((state ^ (table[at] ?? 0)) << 8) >>> 0;
  }
  let current = ~crc32(octets) >>> 0;
  const bytes = patch.map((at) => {
    const octet = (current ^ at) & 0xff;
    current = ((current >>> 8) ^ (table[at] ?? 0)) >>> 0;
    return octet;
  });
  return Buffer.concat([octets, Buffer.from(bytes)]);
}
