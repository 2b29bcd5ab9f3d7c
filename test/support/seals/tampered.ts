import { crc32 } from 'node:zlib';
import { packMembers } from '../../../src/crypto/zip/zip-writer.ts';
import { parseSignedData } from '../../../src/crypto/cms/signed-data.ts';

export type Contents = Map<string, Buffer>;

/** The members of a bundle that our own writer wrote, in order. It reads local headers alone. */
export function unpack(bundle: Buffer): Contents {
  const contents: Contents = new Map();
  for (let at = 0; bundle.readUInt32LE(at) === 0x04034b50;) {
    const [size, nameLength] = [bundle.readUInt32LE(at + 18), bundle.readUInt16LE(at + 26)];
    const start = at + 30 + nameLength;
    const content = bundle.subarray(start, start + size);
    if (crc32(content) !== bundle.readUInt32LE(at + 14)) throw new Error('not a bundle of ours');
    contents.set(bundle.toString('latin1', at + 30, start), content);
    at = start + size;
  }
  return contents;
}

/** A bundle with its members changed. */
export function repack(bundle: Buffer, change: (contents: Contents) => void): Buffer {
  const contents = unpack(bundle);
  change(contents);
  return packMembers(contents);
}

const SIGNATURE = 'META-INF/signature001.p7s';
const MANIFEST = 'META-INF/ASiCManifest001.xml';

/** What an attacker may do to a bundle: each must keep its seal from being accepted. */
export const tamperings: Readonly<Record<string, (contents: Contents) => void>> = {
  'an octet of a member': (contents) => flip(contents, 'signature.b64', 3),
  'an octet of the manifest': (contents) => {
    const at = contents.get(MANIFEST)?.indexOf('DigestValue xmlns') ?? -1;
    flip(contents, MANIFEST, at + 'DigestValue xmlns="http://www.w3.org/2000/09/xmldsig#">'.length, 0x02);
  },
  'an octet of the signature value': (contents) => {
    const cms = contents.get(SIGNATURE) ?? Buffer.alloc(0);
    const value = parseSignedData(cms).signer.signature;
    flip(contents, SIGNATURE, cms.indexOf(value) + value.length - 1);
  },
  'two members swapped': (contents) => {
    const [one, other] = [contents.get('signature.b64'), contents.get('consent.json')];
    if (!one || !other) throw new Error('no such members');
    contents.set('signature.b64', other).set('consent.json', one);
  },
  'a member removed': (contents) => void contents.delete('consent.json'),
};

function flip(contents: Contents, name: string, at: number, bits = 1): void {
  const bytes = Buffer.from(contents.get(name) ?? []);
  const octet = bytes[at];
  if (octet === undefined) throw new Error(`${name} has no octet ${at}`);
  bytes[at] = octet ^ bits;
  contents.set(name, bytes);
}
