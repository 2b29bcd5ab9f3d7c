import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { ArchiveRefused, listArchive, readMember, type ByteSource } from '../../../src/evidence-files/zip-archive.ts';
import { field, zipOf, type WrittenMember } from '../../support/evidence/zip-writer.ts';

const limits = { members: 10, memberBytes: () => 100_000 };
const sourceOf = (zip: Buffer): ByteSource => ({
  size: zip.length,
  read: (at, length) => zip.subarray(at, at + length),
});

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
    ['a FIFO among its members', [{ ...index, attributes: 0o010644 * 65_536 }], 'zip.special'],
    ['a file and a folder of one name', [packed, { name: 'one/a.txt/', content: Buffer.alloc(0) }], 'zip.name-twice'],
    ['two names that differ in case only', [packed, { ...packed, name: 'one/A.TXT' }], 'zip.name-twice'],
  ];
  it.each(crooked)('with %s is refused', async (_, members, reason) => {
    expect(await readZip(zipOf(members))).toBe(reason);
  });

  it('with a comment is refused', async () => {
    expect(await readZip(zipOf([index], 'hidden'))).toBe('zip.hidden-bytes');
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
