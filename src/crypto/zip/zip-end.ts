/** Where the directory of a ZIP is, and what it holds. */
export interface DirectoryFacts {
  readonly members: number;
  /** Offset of its first octet. */
  readonly start: number;
  /** In octets. */
  readonly size: number;
}

const END = 22;
const ZIP64_END = 56;
const LOCATOR = 20;
const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;

/** How many octets stand behind this directory, without a comment. @see APPNOTE.TXT §4.3.14–4.3.16 */
export function endLength(directory: DirectoryFacts): number {
  return END + (isZip64(directory) ? ZIP64_END + LOCATOR : 0);
}

/**
 * Whether a ZIP ends with records that lead to this directory, in every field by which some reader finds it: readers go by its
 * offset, or back from the end by its size, or by a locator in front of the end.
 * @param read the octets from an offset on
 * @see APPNOTE.TXT §4.3.14–4.3.16
 */
export function endsWith(directory: DirectoryFacts, read: (position: number, length: number) => Buffer): boolean {
  const { start, size } = directory;
  const behind = read(start + size, endLength(directory));
  if (behind.length < endLength(directory)) return false;
  if (isZip64(directory)) return isFarEnd(behind, directory) && isEnd(behind.subarray(-END), directory, true);
  const hasLocator = size >= LOCATOR && read(start + size - LOCATOR, 4).equals(signature('PK\x06\x07'));
  return !hasLocator && isEnd(behind, directory, false);
}

function isZip64({ members, start, size }: DirectoryFacts): boolean {
  return members >= MAX_16 || start >= MAX_32 || size >= MAX_32;
}

/** In an archive that needs wider fields each may say that its value stands there. */
function isEnd(end: Buffer, { members, start, size }: DirectoryFacts, mayDefer: boolean): boolean {
  const says = (said: number, value: number, most: number): boolean => said === value || (mayDefer && said === most);
  return (
    end.subarray(0, 8).equals(Buffer.concat([signature('PK\x05\x06'), Buffer.alloc(4)])) &&
    says(end.readUInt16LE(8), members, MAX_16) &&
    says(end.readUInt16LE(10), members, MAX_16) &&
    says(end.readUInt32LE(12), size, MAX_32) &&
    says(end.readUInt32LE(16), start, MAX_32) &&
    end.readUInt16LE(20) === 0
  );
}

function isFarEnd(behind: Buffer, { members, start, size }: DirectoryFacts): boolean {
  const locator = behind.subarray(ZIP64_END);
  const numbers = [members, members, size, start].every(
    (value, n) => behind.readBigUInt64LE(24 + 8 * n) === BigInt(value),
  );
  return (
    behind.subarray(0, 4).equals(signature('PK\x06\x06')) &&
    behind.readBigUInt64LE(4) === BigInt(ZIP64_END - 12) &&
    behind.readBigUInt64LE(16) === 0n &&
    numbers &&
    locator.subarray(0, 8).equals(Buffer.concat([signature('PK\x06\x07'), Buffer.alloc(4)])) &&
    locator.readBigUInt64LE(8) === BigInt(start + size)
  );
}

function signature(octets: string): Buffer {
  return Buffer.from(octets, 'latin1');
}
