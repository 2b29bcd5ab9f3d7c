import { hash } from 'node:crypto';
import { Malformed } from '../../crypto/malformed.ts';
import { readXml, type XmlElement } from '../../crypto/xml/strict-xml.ts';

/** What a manifest says: which signature is over it, and the digest of each member that it covers. */
export interface Manifest {
  readonly signature: string;
  /** SHA-256 by name, in the order of the manifest. */
  readonly digests: ReadonlyMap<string, Buffer>;
}

const ASIC = 'http://uri.etsi.org/02918/v1.2.1#';
const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const SIGNATURE_TYPE = 'application/pkcs7-signature';

/**
 * The manifest of these members, byte for byte the same for the same ones. Each stands on a line of its own; the line ends are
 * inside the tags, because our reader takes no text between elements.
 * @param signature name of the member that is the signature over the manifest
 * @see ETSI EN 319 162-1 §4.4.3.2, §A.4
 */
export function asicManifest(members: ReadonlyMap<string, Uint8Array>, signature: string): Buffer {
  const digests = [...members].map(([name, bytes]) => [name, hash('sha256', bytes, 'buffer')] as const);
  return formatManifest({ signature, digests: new Map(digests) });
}

function formatManifest({ signature, digests }: Manifest): Buffer {
  const references = [...digests].map(([name, digest]) => referenceTo(name, digest));
  const text = [
    `<?xml version="1.0" encoding="UTF-8"?><ASiCManifest xmlns="${ASIC}"`,
    `><SigReference URI="${signature}" MimeType="${SIGNATURE_TYPE}"></SigReference`,
    ...references,
    '></ASiCManifest>',
  ].join('\n');
  return Buffer.from(text, 'utf8');
}

function referenceTo(name: string, digest: Buffer): string {
  const method = `<DigestMethod xmlns="${XMLDSIG}" Algorithm="${SHA256}"/>`;
  const value = `<DigestValue xmlns="${XMLDSIG}">${digest.toString('base64')}</DigestValue>`;
  return `><DataObjectReference URI="${name}">${method}${value}</DataObjectReference`;
}

/**
 * Reads a manifest of exactly the form that {@link asicManifest} writes, so that no other reader can understand it differently.
 * @throws Malformed
 */
export function parseManifest(bytes: Buffer): Manifest {
  const root = readXml(bytes, 'declared');
  if (root.name !== 'ASiCManifest' || root.namespace !== ASIC) throw new Malformed('manifest: root');
  const [first, ...references] = root.children;
  const signature = first?.attributes.get('URI');
  if (first?.name !== 'SigReference' || signature === undefined) throw new Malformed('manifest: SigReference');
  const digests = new Map<string, Buffer>();
  for (const reference of references) {
    const { name, digest } = readReference(reference);
    if (digests.has(name)) throw new Malformed('manifest: the same member twice');
    digests.set(name, digest);
  }
  const manifest = { signature, digests };
  if (!formatManifest(manifest).equals(bytes)) throw new Malformed('manifest: not as it is written');
  return manifest;
}

function readReference({ name, attributes, children }: XmlElement): { readonly name: string; readonly digest: Buffer } {
  const uri = attributes.get('URI');
  const digest = children[1]?.octets;
  if (name !== 'DataObjectReference' || uri === undefined || digest?.length !== 32) {
    throw new Malformed('manifest: DataObjectReference');
  }
  return { name: uri, digest };
}
