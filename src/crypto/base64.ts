import { Malformed } from './malformed.ts';

/**
 * Decodes base64 with padding, in its only canonical spelling: no white space, no URL alphabet, no stray trailing bits.
 * @throws Malformed
 * @see RFC 4648 §3.5, §4
 */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what it does not understand; what does not come back letter by letter was not canonical.
  if (bytes.toString('base64') !== text) throw new Malformed('not canonical base64');
  return bytes;
}

/** Whether `text` is canonical base64 with padding. */
export function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}
