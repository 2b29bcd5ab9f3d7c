import type { Facts } from '../facts/facts.ts';
import { findOrderStart } from '../facts/order-start.ts';
import { failed, indeterminate, inputMissing, passed, type Outcome } from '../facts/outcome.ts';

/**
 * The certificate was good. `unknown` is not a soft failure: no payment may rely on a certificate for which its issuer does not vouch.
 * @see RFC 6960 §2.2; ETSI EN 319 102-1 §5.2.6.4
 */
export function checkStatus(facts: Facts): Outcome {
  const { ocsp, concernsLeaf } = facts;
  if (!ocsp || !concernsLeaf) return inputMissing;
  const { status } = ocsp.single;
  switch (status.kind) {
    case 'good':
      return passed('status.good');
    case 'unknown':
      return indeterminate('TRY_LATER', 'status.unknown');
    case 'revoked': {
      const start = findOrderStart(facts);
      return start && status.at <= start
        ? failed('REVOKED', 'status.revoked-before')
        : indeterminate('REVOKED_NO_POE', 'status.revoked');
    }
  }
}
