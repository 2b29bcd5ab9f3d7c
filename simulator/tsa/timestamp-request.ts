/** What the authority reads of a TimeStampReq. @see RFC 3161 §2.4.1 */
export interface TimestampRequest {
  /** The MessageImprint in DER, which the token repeats. */
  readonly imprint: Buffer;
  /** The INTEGER in DER. */
  readonly nonce: Buffer | undefined;
  readonly wantsCertificate: boolean;
}

const SHA_256 = Buffer.from('608648016503040201', 'hex');

/**
 * The request, or `undefined` where it is none that this authority serves: SHA-256, no policy asked for, no extensions. It is read
 * without the service's reader of DER, which must not judge what the service's writer wrote.
 */
export function readTimestampRequest(der: Buffer): TimestampRequest | undefined {
  const [outer, after] = readValue(der, 0);
  if (outer?.tag !== 0x30 || after !== der.length) return undefined;
  const fields = readAll(outer.content);
  const [version, imprint, ...rest] = fields;
  if (version?.content.equals(Buffer.from([1])) !== true || imprint?.tag !== 0x30) return undefined;
  const [algorithm, digest] = readAll(imprint.content);
  const [oid] = algorithm ? readAll(algorithm.content) : [];
  if (oid?.content.equals(SHA_256) !== true || digest?.content.length !== 32) return undefined;
  const nonce = rest[0]?.tag === 0x02 ? rest.shift() : undefined;
  const flag = rest[0]?.tag === 0x01 ? rest.shift() : undefined;
  if (rest.length > 0) return undefined;
  return { imprint: imprint.raw, nonce: nonce?.raw, wantsCertificate: flag?.content[0] === 0xff };
}

interface Value {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
}

function readAll(bytes: Buffer): Value[] {
  const values: Value[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const [value, next] = readValue(bytes, offset);
    if (!value) return [];
    values.push(value);
    offset = next;
  }
  return values;
}

/** One value of at most 65,535 octets, and where the next one begins. */
function readValue(bytes: Buffer, offset: number): [value: Value | undefined, next: number] {
  const [tag, first] = [bytes[offset], bytes[offset + 1]];
  if (tag === undefined || first === undefined) return [undefined, bytes.length];
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 2 || offset + 2 + octets > bytes.length) return [undefined, bytes.length];
  const start = offset + 2 + octets;
  const length = octets === 0 ? first : bytes.readUIntBE(offset + 2, octets);
  if (start + length > bytes.length) return [undefined, bytes.length];
  const raw = bytes.subarray(offset, start + length);
  return [{ tag, content: bytes.subarray(start, start + length), raw }, start + length];
}
