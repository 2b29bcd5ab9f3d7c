import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';

/** The payer signed for us: a signature for another service must not be replayed here. */
export function checkRelyingParty({ purpose, content }: Facts): Outcome {
  const expected = 'expectation' in purpose ? purpose.expectation.relyingPartyName : purpose.relyingParty;
  if (expected === undefined) {
    return skipped('relying-party.none', { warnings: ['relying-party-unverified'] });
  }
  if (!content) return inputMissing;
  const isExpected = [expected].flat().includes(content.relyingPartyName);
  return isExpected ? passed('relying-party.same') : indeterminate('SIG_CONSTRAINTS_FAILURE', 'relying-party.other');
}
