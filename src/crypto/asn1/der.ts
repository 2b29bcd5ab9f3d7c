import { Malformed } from '../malformed.ts';

/** Universal tags, and the constructed bit where DER demands it. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

const MAX_DEPTH = 24;
/** As many entries as a CRL of 4 MiB can have; of the smallest values there would be ten times more, and no room for them. */
const MAX_VALUES = 250_000;

/** One tag-length-value. Its octets are views, not copies, and are made on demand. */
export class DerValue {
  readonly tag: number;
  readonly depth: number;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #contentStart: number;
  readonly #end: number;

  constructor(bytes: Buffer, start: number, contentStart: number, end: number, depth: number) {
    this.tag = bytes[start] ?? 0;
    this.depth = depth;
    this.#bytes = bytes;
    this.#start = start;
    this.#contentStart = contentStart;
    this.#end = end;
  }

  /** The length of the content in octets. */
  get length(): number {
    return this.#end - this.#contentStart;
  }

  /** One octet of the content, without a view of it. `undefined` outside. */
  at(index: number): number | undefined {
    const offset = this.#contentStart + index;
    return index >= 0 && offset < this.#end ? this.#bytes[offset] : undefined;
  }

  get content(): Buffer {
    return this.#bytes.subarray(this.#contentStart, this.#end);
  }

  /** Tag, length and content. */
  get raw(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** A cursor over the values inside. @throws Malformed beyond the depth limit */
  inside(): DerCursor {
    return new DerCursor(this.#bytes, this.#contentStart, this.#end, this.depth + 1);
  }
}

/**
 * Reads exactly one DER value: definite, minimal lengths; nothing after it.
 * @throws Malformed
 * @see ITU-T X.690 §10
 */
export function readDer(bytes: Uint8Array, tag?: number): DerValue {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor = new DerCursor(buffer, 0, buffer.length, 0);
  const value = cursor.next(tag);
  cursor.end();
  return value;
}

/** A cursor over the values inside a constructed one. @throws Malformed beyond the depth limit */
export function inside(value: DerValue, tag?: number): DerCursor {
  if (tag !== undefined && value.tag !== tag) throw new Malformed('DER: unexpected tag');
  return value.inside();
}

/** The only value inside a constructed one, as under an EXPLICIT tag. @throws Malformed if there is none, or another */
export function only(wrapper: DerValue): DerValue {
  const cursor = inside(wrapper);
  const value = cursor.next();
  cursor.end();
  return value;
}

export class DerCursor {
  #offset: number;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #depth: number;

  constructor(bytes: Buffer, start: number, end: number, depth: number) {
    if (depth > MAX_DEPTH) throw new Malformed('DER: nested too deeply');
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
    this.#depth = depth;
  }

  get atEnd(): boolean {
    return this.#offset === this.#end;
  }

  /** The next value, of `tag` where given. @throws Malformed */
  next(tag?: number): DerValue {
    const start = this.#offset;
    const found = this.#byte(start);
    if ((found & 0x1f) === 0x1f) throw new Malformed('DER: multi-byte tag');
    if (tag !== undefined && found !== tag) throw new Malformed('DER: unexpected tag');
    const first = this.#byte(start + 1);
    const octets = first < 0x80 ? 1 : this.#lengthOctets(first);
    const contentStart = start + 1 + octets;
    const end = contentStart + (octets === 1 ? first : this.#length(start + 1, octets));
    if (end > this.#end) throw new Malformed('DER: truncated');
    this.#offset = end;
    return new DerValue(this.#bytes, start, contentStart, end, this.#depth);
  }

  /** The next value when it has `tag`; otherwise nothing is consumed. @throws Malformed */
  optional(tag: number): DerValue | undefined {
    return !this.atEnd && this.#bytes[this.#offset] === tag ? this.next(tag) : undefined;
  }

  /** All values up to the end. @throws Malformed */
  rest(tag?: number): DerValue[] {
    const values: DerValue[] = [];
    while (!this.atEnd) {
      if (values.length === MAX_VALUES) throw new Malformed('DER: too many values');
      values.push(this.next(tag));
    }
    return values;
  }

  /** @throws Malformed when anything is left */
  end(): void {
    if (!this.atEnd) throw new Malformed('DER: trailing bytes');
  }

  #byte(offset: number): number {
    const byte = this.#bytes[offset];
    if (offset >= this.#end || byte === undefined) throw new Malformed('DER: truncated');
    return byte;
  }

  /** How many octets the length field has, if the length does not fit into the `first`. */
  #lengthOctets(first: number): number {
    const count = first & 0x7f;
    if (count === 0) throw new Malformed('DER: indefinite length');
    if (count > 4) throw new Malformed('DER: length too long');
    return 1 + count;
  }

  #length(offset: number, octets: number): number {
    let length = 0;
    for (let index = 1; index < octets; index++) length = length * 256 + this.#byte(offset + index);
    if (length < 0x80 || length < 256 ** (octets - 2)) throw new Malformed('DER: length not minimal');
    return length;
  }
}
