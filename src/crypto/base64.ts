import { Malformed } from './malformed.ts';

const SHORT = 120;
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** Costs nothing for a string that the engine stores as one octet per character, as nearly all are. */
const WIDE = /[\u0100-\uffff]/;

/**
 * Decodes base64 with padding, in its only canonical spelling: no white space, no URL alphabet, no stray trailing bits.
 * @throws Malformed
 * @see RFC 4648 §3.5, §4
 */
export function decodeBase64(text: string): Buffer {
  const octets = findBase64(text);
  if (octets) return octets;
  throw new Malformed(/\s/.test(text) ? 'base64 with line breaks or spaces' : 'not canonical base64');
}

/** The octets whose canonical base64, with padding, is `text`; `undefined` if there are none. */
export function findBase64(text: string): Buffer | undefined {
  if (text.length <= SHORT) return CANONICAL.test(text) ? Buffer.from(text, 'base64') : undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // The last four characters hold the padding and the bits that must be zero.
  if (text.length % 4 !== 0 || !CANONICAL.test(text.slice(-4))) return undefined;
  // Node skips characters that it does not know, and then there are too few octets. But it accepts the URL
  // alphabet, and takes the low octet of wide characters.
  if (text.includes('-') || text.includes('_') || WIDE.test(text)) return undefined;
  const octets = Buffer.from(text, 'base64');
  return octets.length === (text.length / 4) * 3 - padding ? octets : undefined;
}
