import { integer, octetString, sequence, smallInteger, trueValue } from '../asn1/der-writer.ts';
import { writeHash, type HashName } from '../signature-scheme.ts';

export interface Imprint {
  readonly algorithm: HashName;
  readonly digest: Buffer;
}

/**
 * A TimeStampReq in DER that asks for the authority's certificate. No policy is asked for: the answer's is checked.
 * @param nonce at least 64 random bits, as the answer is to repeat them
 * @see RFC 3161 §2.4.1
 */
export function writeRequest({ algorithm, digest }: Imprint, nonce: Uint8Array): Buffer {
  return sequence(smallInteger(1), sequence(writeHash(algorithm), octetString(digest)), integer(nonce), trueValue());
}
