import { Malformed } from './malformed.ts';

/**
 * Decodes base64 with padding, in its only canonical spelling: no white space, no URL alphabet, no stray trailing bits.
 * @throws Malformed
 * @see RFC 4648 §3.5, §4
 */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what it does not understand; what does not come back letter by letter was not canonical.
  if (bytes.toString('base64') !== text) {
    throw new Malformed(/\s/.test(text) ? 'base64 with line breaks or spaces in it' : 'not canonical base64');
  }
  return bytes;
}

const SHORT = 120;
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** Whether `text` is canonical base64 with padding. Short texts are cheaper to look at than to decode. */
export function isBase64(text: string): boolean {
  return text.length > SHORT ? Buffer.from(text, 'base64').toString('base64') === text : CANONICAL.test(text);
}
