import { isUtf8 } from 'node:buffer';

/** The text of octets in UTF-8, a byte order mark kept as what it is, or `undefined` where they are not UTF-8. */
export function findUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
