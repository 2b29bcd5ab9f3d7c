import { valuesOf } from '../../crypto/x509/distinguished-name.ts';
import { oids } from '../../crypto/asn1/oids.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import type { Reason } from '../messages.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';

/** The signer is the person in BankID's answer and, if the consent names one, the expected person. */
export function checkPayer({ purpose, completion, leaf, signedFacts }: Facts): Outcome {
  if (purpose.kind === 'signature') return skipped('payer.none');
  if (!leaf) return inputMissing;
  const [signer] = valuesOf(leaf.subject, oids.serialNumber);
  if (findPersonalNumber(signer ?? '') === undefined) return refuse('payer.no-number');
  const answered = completion.personalNumber;
  if (answered !== undefined && answered !== signer) return refuse('payer.not-answered');
  if (purpose.kind === 'exported') {
    if (!signedFacts) return inputMissing;
    if (signedFacts.payer === 'unbound') return passed('payer.unbound');
    return skipped('payer.not-signed', {
      warnings: ['payer-number-not-compared'],
    });
  }
  if (answered === undefined) return refuse('payer.unanswered');
  const { payer } = purpose.expectation;
  if (payer.kind === 'unbound') return passed('payer.answered');
  return payer.personalNumber === signer ? passed('payer.expected') : refuse('payer.other');
}

function refuse(reason: Reason): Outcome {
  return indeterminate('SIG_CONSTRAINTS_FAILURE', reason);
}
