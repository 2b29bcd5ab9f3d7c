import { valuesOf } from '../../crypto/distinguished-name.ts';
import { oids } from '../../crypto/oids.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import type { Facts } from '../run/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../run/outcome.ts';

/** The signer is the person whom BankID's answer names and, where the consent names one, the person expected. */
export function checkPayer({ purpose, completion, leaf, signedFacts }: Facts): Outcome {
  if (purpose.kind === 'signature') return skipped('no payer to compare with');
  if (!leaf) return inputMissing;
  const [signer] = valuesOf(leaf.subject, oids.serialNumber);
  if (findPersonalNumber(signer ?? '') === undefined) return refuse('the certificate names no personal number');
  const answered = completion.personalNumber;
  if (answered !== undefined && answered !== signer) return refuse("not the person of BankID's answer");
  if (purpose.kind === 'exported') {
    if (!signedFacts) return inputMissing;
    if (signedFacts.payer === 'unbound') return passed('the consent names no payer: whoever signs is the payer');
    return skipped('the number to which the consent is bound is not among what was signed', {
      warnings: ['payer-number-not-compared'],
    });
  }
  if (answered === undefined) return refuse("BankID's answer names nobody");
  const { payer } = purpose.expectation;
  if (payer.kind === 'unbound') return passed("the person of BankID's answer");
  return payer.personalNumber === signer ? passed('the payer expected') : refuse('not the payer expected');
}

function refuse(detail: string): Outcome {
  return indeterminate('SIG_CONSTRAINTS_FAILURE', detail);
}
