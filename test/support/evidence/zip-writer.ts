import { crc32, deflateRawSync } from 'node:zlib';

/** A member as it is to be written; what the local header or the descriptor says may differ from the directory. */
export interface WrittenMember {
  readonly name: string;
  readonly content: Buffer;
  readonly isDeflated?: boolean;
  readonly hasDescriptor?: boolean;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly attributes?: number;
  readonly local?: Partial<Fields>;
  readonly descriptor?: Partial<Pick<Fields, 'crc' | 'packed' | 'size'>> & { readonly isSigned?: boolean };
  /** The octets in place of the packed content. */
  readonly octets?: Buffer;
  /** Octets behind the member. */
  readonly behind?: Buffer;
  readonly localExtra?: Buffer;
  readonly centralExtra?: Buffer;
  readonly comment?: string;
}

interface Fields {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

const u16 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, n) => bytes.writeUInt16LE(value, 2 * n));
  return bytes;
};
const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, n) => bytes.writeUInt32LE(value >>> 0, 4 * n));
  return bytes;
};
const none = Buffer.alloc(0);

/** An additional field. @see APPNOTE.TXT §4.5 */
export const field = (id: number, data: Buffer): Buffer => Buffer.concat([u16(id, data.length), data]);

/** Writes a ZIP octet by octet, with the faults that its members ask for. @see APPNOTE.TXT §4.3 */
export function zipOf(members: readonly WrittenMember[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const { body, central } = written(member, at);
    parts.push(body);
    directory.push(central);
    at += body.length;
  }
  const central = Buffer.concat(directory);
  const counts = u16(0, 0, members.length, members.length);
  const end = [Buffer.from('PK\x05\x06'), counts, u32(central.length, at), u16(comment.length), Buffer.from(comment)];
  return Buffer.concat([...parts, central, ...end]);
}

function written(member: WrittenMember, at: number): { readonly body: Buffer; readonly central: Buffer } {
  const { isDeflated = false, hasDescriptor = false, content, localExtra = none, centralExtra = none } = member;
  const octets = member.octets ?? (isDeflated ? deflateRawSync(content) : content);
  const fields: Fields = {
    name: member.name,
    flags: member.flags ?? (hasDescriptor ? 8 : 0),
    method: isDeflated ? 8 : 0,
    time: 0x6000,
    date: 0x5b7d,
    crc: member.crc ?? crc32(content),
    packed: octets.length,
    size: member.size ?? content.length,
  };
  const zeros = hasDescriptor ? { crc: 0, packed: 0, size: 0 } : {};
  const local = { ...fields, ...zeros, ...member.local };
  const behind = { ...fields, isSigned: true, ...member.descriptor };
  const descriptor = [behind.isSigned ? Buffer.from('PK\x07\x08') : none, u32(behind.crc, behind.packed, behind.size)];
  const lengths = (name: string, extra: Buffer): Buffer => u16(Buffer.byteLength(name), extra.length);
  return {
    body: Buffer.concat([
      ...[Buffer.from('PK\x03\x04'), u16(20), headOf(local), lengths(local.name, localExtra)],
      ...[Buffer.from(local.name), localExtra, octets],
      ...(hasDescriptor ? descriptor : []),
      member.behind ?? none,
    ]),
    central: Buffer.concat([
      ...[Buffer.from('PK\x01\x02'), u16(0x0314, 20), headOf(fields), lengths(fields.name, centralExtra)],
      ...[u16(member.comment?.length ?? 0, 0, 0), u32(member.attributes ?? 0o100644 * 65_536, at)],
      ...[Buffer.from(fields.name), centralExtra, Buffer.from(member.comment ?? '')],
    ]),
  };
}

function headOf({ flags, method, time, date, crc, packed, size }: Fields): Buffer {
  return Buffer.concat([u16(flags, method, time, date), u32(crc, packed, size)]);
}
