import { hash, timingSafeEqual } from 'node:crypto';
import { findNonce } from '../../crypto/ocsp/response.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

const NONCE_LENGTH = 32;
const PREFIX_LENGTH = 20;

/**
 * The answer was given for this signature: its nonce begins with SHA-1 of the base64 text, exactly as delivered; twelve
 * random octets follow. So the responder's signature also proves that this signature existed at producedAt.
 * @see RFC 8954 §2.1 (BankID writes the octets without the inner OCTET STRING)
 */
export function checkNonce({ ocsp, concernsLeaf, completion }: Facts): Outcome {
  if (!ocsp) return inputMissing;
  const nonce = findNonce(ocsp.response, NONCE_LENGTH);
  if (!nonce) return indeterminate('TRY_LATER', 'nonce.none');
  const expected = hash('sha1', completion.signature, 'buffer');
  if (!timingSafeEqual(nonce.subarray(0, PREFIX_LENGTH), expected)) {
    return indeterminate('TRY_LATER', 'nonce.other');
  }
  const found = concernsLeaf ? { producedAt: ocsp.response.producedAt } : {};
  return passed('nonce.same', { found });
}
