/** A base64 text, and whether it was wrapped into lines. */
export interface Base64Text {
  readonly text: string;
  readonly wasWrapped: boolean;
}

/**
 * The base64 text of a signature file: as BankID delivered it, or made from the XML. A line end at the very end belongs to the
 * file and not to the signature, and so do those of a text that is wrapped as in MIME and PEM.
 */
export function signatureText(bytes: Buffer): Base64Text {
  const content = withoutLineEnd(bytes);
  if (content[0] === 0x3c /* < */) return { text: content.toString('base64'), wasWrapped: false };
  return unwrap(content.toString('latin1'));
}

/** The base64 text of an OCSP response, from DER or base64. */
export function ocspText(bytes: Buffer): Base64Text {
  // The tag of a SEQUENCE. As a character it is 0, with which the base64 of a SEQUENCE never begins.
  if (bytes[0] === 0x30) return { text: bytes.toString('base64'), wasWrapped: false };
  return unwrap(withoutLineEnd(bytes).toString('latin1'));
}

/** How many base64 characters are searched for the start tag of a signature in BankID's encoding. */
const HEAD = 400;
/** With any prefix: what is meant as a signature gets a verdict. */
const ELEMENT = /<(?:[\w.-]{1,64}:)?Signature/;

/**
 * Whether a file decodes to text with a signature element, however broken. Such a file gets a verdict; all else is not
 * evidence, and nothing is said about whether it is genuine.
 */
export function holdsSignature(bytes: Buffer): boolean {
  // Among the members of a JSON object a base64 text would be found only where it happens to stand at a multiple of four characters.
  if (bytes[0] === 0x7b /* { */) return false;
  const text = bytes.toString('latin1');
  if (hasElement(Buffer.from(text.slice(0, HEAD), 'base64'))) return true;
  return hasElement(bytes) || hasElement(Buffer.from(text.replace(/\s/g, ''), 'base64'));
}

/** Only in text, so that the bytes of archives and programs are not searched. */
function hasElement(bytes: Buffer): boolean {
  const isUtf16 = UTF16_STARTS.some((start) => start.equals(bytes.subarray(0, 2)));
  // Without zero octets, UTF-16 of these characters is ASCII, in either byte order.
  const text = isUtf16 ? bytes.toString('latin1').replaceAll('\0', '') : bytes.toString('latin1');
  const at = text.search(ELEMENT);
  return at !== -1 && !text.slice(0, at).includes('\0');
}

/** A byte order mark, or the bracket of XML. */
const UTF16_STARTS = ['fffe', 'feff', '3c00', '003c'].map((start) => Buffer.from(start, 'hex'));

/** Lines of 76 (RFC 2045 §6.8) or 64 characters (RFC 7468 §2), the last one shorter. */
const WRAPPED = [76, 64].map(
  (width) => new RegExp(`^(?:[A-Za-z0-9+/]{${width}}\r?\n)+[A-Za-z0-9+/]{1,${width}}={0,2}$`),
);

/** Removes the line ends that mail or PEM added. Other texts are left unchanged, and refused if they are not base64. */
function unwrap(text: string): Base64Text {
  const wasWrapped = text.includes('\n') && WRAPPED.some((form) => form.test(text));
  return { text: wasWrapped ? text.replace(/\r?\n/g, '') : text, wasWrapped };
}

function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
