import { isAscii, isUtf8 } from 'node:buffer';

/** The text of octets in UTF-8, including a byte order mark, or `undefined` if they are not UTF-8. */
export function findUtf8(bytes: Uint8Array): string | undefined {
  const octets = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Nearly all input is ASCII, which need not be decoded.
  if (isAscii(octets)) return octets.toString('latin1');
  return isUtf8(octets) ? octets.toString('utf8') : undefined;
}
