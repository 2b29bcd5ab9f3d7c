import { attempt, Malformed } from '../../crypto/malformed.ts';
import { findBankidFault } from '../path/bankid-path.ts';
import { buildPath } from '../path/build-path.ts';
import { findPathFault } from '../path/rfc5280.ts';
import type { Facts } from '../facts/facts.ts';
import { failed, indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

/**
 * Exactly leaf → Customer CA → bank CA → a given root. Validity periods are checked later, at the proven time.
 * @see RFC 5280 §6.1; ETSI EN 319 102-1 §5.2.6
 */
export function checkPath({ certificates, leaf, trust }: Facts): Outcome {
  if (!certificates || !leaf) return inputMissing;
  const others = attempt(() => certificates.slice(1).map((der) => trust.cas.parse(der)));
  if (others instanceof Malformed) {
    const parameters = { fault: others.message };
    return failed('FORMAT_FAILURE', { message: 'path.certificate-malformed', parameters });
  }
  const built = buildPath(leaf, others, trust);
  if (!built) return indeterminate('NO_CERTIFICATE_CHAIN_FOUND', 'path.no-root', { others });
  const { chain, anchor } = built;
  const fault = findPathFault(chain, anchor, trust.cas);
  if (fault !== undefined) {
    // A signature under such a key is not verified.
    const isLarge = typeof fault === 'object' && fault.message === 'path.large-key';
    const subIndication = isLarge ? 'CRYPTO_CONSTRAINTS_FAILURE' : 'CERTIFICATE_CHAIN_GENERAL_FAILURE';
    return indeterminate(subIndication, fault, { others, anchor });
  }
  const [, customerCa, bankCa] = chain;
  const difference = findBankidFault(chain, others, anchor);
  if (difference !== undefined || !customerCa || !bankCa) {
    return indeterminate('CHAIN_CONSTRAINTS_FAILURE', difference ?? 'path.not-three', { others, anchor });
  }
  const path = { leaf, customerCa, bankCa, root: anchor };
  return passed('path.sound', { found: { others, anchor, path } });
}
