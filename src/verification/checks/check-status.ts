import type { Facts } from '../run/facts.ts';
import { findOrderStart } from '../run/order-start.ts';
import { failed, indeterminate, inputMissing, passed, type Outcome } from '../run/outcome.ts';

/**
 * The certificate was good. `unknown` is no soft failure: a payment must not rest on a certificate nobody vouches for.
 * @see RFC 6960 §2.2; ETSI EN 319 102-1 §5.2.6.4
 */
export function checkStatus(facts: Facts): Outcome {
  const { ocsp, concernsLeaf } = facts;
  if (!ocsp || !concernsLeaf) return inputMissing;
  const { status } = ocsp.single;
  switch (status.kind) {
    case 'good':
      return passed('good');
    case 'unknown':
      return indeterminate('TRY_LATER', 'the responder does not know the certificate');
    case 'revoked': {
      const start = findOrderStart(facts);
      return start && status.at <= start
        ? failed('REVOKED', 'revoked before the order began')
        : indeterminate('REVOKED_NO_POE', 'revoked, not provably before the signing');
    }
  }
}
