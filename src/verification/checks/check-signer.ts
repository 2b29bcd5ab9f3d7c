import { keyUsageBits } from '../../crypto/x509/extensions.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

/**
 * The app says what it did (funcId), the certificate what its key is for: both must say signing. For a bare signature
 * they only have to agree.
 * @see RFC 5280 §4.2.1.3 (nonRepudiation)
 */
export function checkSigner({ purpose, content, leaf }: Facts): Outcome {
  if (!content || !leaf) return inputMissing;
  const isForSigning = leaf.extensions.keyUsage?.bits.has(keyUsageBits.nonRepudiation) === true;
  if ((content.funcId === 'Signing') !== isForSigning) {
    return indeterminate('SIG_CONSTRAINTS_FAILURE', 'signer.disagrees');
  }
  if (purpose.kind === 'signature') {
    return passed({ message: 'signer.agrees', parameters: { funcId: content.funcId } });
  }
  return isForSigning ? passed('signer.sound') : indeterminate('SIG_CONSTRAINTS_FAILURE', 'signer.identified');
}
