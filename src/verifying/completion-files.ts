/**
 * The base64 text of a signature file: as BankID delivered it, or made from the XML. One line end at the very end is the
 * file's and not the signature's.
 */
export function signatureText(bytes: Buffer): string {
  const content = withoutLineEnd(bytes);
  return content[0] === 0x3c /* < */ ? content.toString('base64') : content.toString('latin1');
}

/** The base64 text of an OCSP response, from DER or base64. */
export function ocspText(bytes: Buffer): string {
  // A SEQUENCE. As a character it is a 0, with which no base64 of a SEQUENCE begins.
  if (bytes[0] === 0x30) return bytes.toString('base64');
  return withoutLineEnd(bytes).toString('latin1');
}

function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
