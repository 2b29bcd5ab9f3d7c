import { isAscii, isUtf8 } from 'node:buffer';

/** The text of octets in UTF-8, a byte order mark kept as what it is, or `undefined` where they are not UTF-8. */
export function findUtf8(bytes: Uint8Array): string | undefined {
  const octets = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // ASCII, which nearly all of it is, need not be decoded.
  if (isAscii(octets)) return octets.toString('latin1');
  return isUtf8(octets) ? octets.toString('utf8') : undefined;
}
