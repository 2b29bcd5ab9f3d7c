/** Ids of requests, orders and consents, digests: a part of them may look like anything, a personal number too. */
const RANDOM_HEX = /\b(?:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32,})\b/gi;

/** `text` with a `#` where a UUID or a digest in hexadecimal stood. */
export function withoutRandomHex(text: string): string {
  return text.replaceAll(RANDOM_HEX, '#');
}
