import { keyUsageBits } from '../../crypto/x509/extensions.ts';
import type { Facts } from '../facts/facts.ts';
import { isOfLogin } from '../facts/of-login.ts';
import { indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';
import type { Reason } from '../messages.ts';

/**
 * The app says what it did (funcId), the certificate what its key is for: of a consent both must say signing, of a login both must
 * say identification. For a bare signature they only have to agree.
 * @see RFC 5280 §4.2.1.3 (nonRepudiation, digitalSignature)
 */
export function checkSigner(facts: Facts): Outcome {
  const { purpose, content, leaf } = facts;
  if (!content || !leaf) return inputMissing;
  const hasSigned = content.funcId === 'Signing';
  const use = hasSigned ? keyUsageBits.nonRepudiation : keyUsageBits.digitalSignature;
  if (leaf.extensions.keyUsage?.bits.has(use) !== true) return refuse('signer.disagrees');
  if (purpose.kind === 'signature') {
    return passed({ message: 'signer.agrees', parameters: { funcId: content.funcId } });
  }
  if (isOfLogin(facts)) return hasSigned ? refuse('signer.signed') : passed('signer.identification');
  return hasSigned ? passed('signer.sound') : refuse('signer.identified');
}

function refuse(reason: Reason): Outcome {
  return indeterminate('SIG_CONSTRAINTS_FAILURE', reason);
}
