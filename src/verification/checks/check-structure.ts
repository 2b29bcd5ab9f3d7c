import { decodeBase64 } from '../../crypto/base64.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { parseOcspResponse } from '../../crypto/ocsp/response.ts';
import { isSignatureSize, parseBankidDocument } from '../bankid-signature.ts';
import type { Facts } from '../facts/facts.ts';
import { failed, passed, type Outcome } from '../facts/outcome.ts';

const MAX_OCSP_BASE64 = 100_000;

/**
 * The document keeps to BankID's signature profile in every element and attribute, and has nothing else. The OCSP
 * response is parsed here too, but the `ocsp` check refuses a malformed one, which says nothing about the document.
 * @see ETSI EN 319 102-1 §5.2.2 (format checking)
 */
export function checkStructure({ completion: { signature: text, ocspResponse } }: Facts): Outcome {
  if (!isSignatureSize(text)) return failed('FORMAT_FAILURE', 'structure.size');
  const document = attempt(() => decodeBase64(text));
  if (document instanceof Malformed) {
    return failed('FORMAT_FAILURE', /\s/.test(text) ? 'structure.base64-spaced' : 'structure.base64');
  }
  const signature = attempt(() => parseBankidDocument(document));
  if (signature instanceof Malformed) {
    return failed('FORMAT_FAILURE', { message: 'structure.malformed', parameters: { fault: signature.message } });
  }
  const answer = attempt(() => {
    if (ocspResponse === undefined) return undefined;
    if (ocspResponse.length > MAX_OCSP_BASE64) throw new Malformed('OCSP: too large');
    return parseOcspResponse(decodeBase64(ocspResponse));
  });
  return passed('structure.sound', { found: { signature, ...(answer ? { answer } : {}) } });
}
