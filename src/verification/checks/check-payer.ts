import { valuesOf } from '../../crypto/x509/distinguished-name.ts';
import { oids } from '../../crypto/asn1/oids.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import type { Reason } from '../messages.ts';
import type { Facts } from '../facts/facts.ts';
import { isOfLogin } from '../facts/of-login.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';

/** The signer is the person in BankID's answer and, if the consent or the login names one, the expected person. */
export function checkPayer(facts: Facts): Outcome {
  const { purpose, completion, leaf, signedFacts } = facts;
  if (purpose.kind === 'signature') return skipped('payer.none');
  if (!leaf) return inputMissing;
  const [signer] = valuesOf(leaf.subject, oids.serialNumber);
  if (findPersonalNumber(signer ?? '') === undefined) return refuse('payer.no-number');
  const answered = completion.personalNumber;
  if (answered !== undefined && answered !== signer) return refuse('payer.not-answered');
  if (purpose.kind === 'exported') {
    if (!signedFacts) return inputMissing;
    const isOpen = signedFacts.payer === 'unbound';
    if (isOfLogin(facts)) return isOpen ? passed('payer.anyone') : notCompared('payer.person-not-signed');
    return isOpen ? passed('payer.unbound') : notCompared('payer.not-signed');
  }
  if (answered === undefined) return refuse('payer.unanswered');
  const { payer } = purpose.expectation;
  if (payer.kind === 'unbound') return passed('payer.answered');
  const isExpected = payer.personalNumber === signer;
  if (isOfLogin(facts)) return isExpected ? passed('payer.person-expected') : refuse('payer.person-other');
  return isExpected ? passed('payer.expected') : refuse('payer.other');
}

function notCompared(reason: Reason): Outcome {
  return skipped(reason, { warnings: ['payer-number-not-compared'] });
}

function refuse(reason: Reason): Outcome {
  return indeterminate('SIG_CONSTRAINTS_FAILURE', reason);
}
