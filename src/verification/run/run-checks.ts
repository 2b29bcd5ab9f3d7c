import { checkAlgorithms } from '../checks/check-algorithms.ts';
import { checkCertId } from '../ocsp/check-certid.ts';
import { checkContent } from '../checks/check-content.ts';
import { checkDigests } from '../checks/check-digests.ts';
import { checkNonce } from '../ocsp/check-nonce.ts';
import { checkOcsp } from '../ocsp/check-ocsp.ts';
import { checkOrderStart } from '../checks/check-order-start.ts';
import { checkPath } from '../checks/check-path.ts';
import { checkPayer } from '../checks/check-payer.ts';
import { checkReceipt } from '../checks/check-receipt.ts';
import { checkRelyingParty } from '../checks/check-relying-party.ts';
import { checkSignatureValue } from '../checks/check-signature-value.ts';
import { checkSigner } from '../checks/check-signer.ts';
import { checkStatus } from '../ocsp/check-status.ts';
import { checkStructure } from '../checks/check-structure.ts';
import { checkTimes } from '../checks/check-times.ts';
import { checkIds, type CheckId } from '../report.ts';
import type { Facts, Given } from '../facts/facts.ts';
import type { Outcome } from '../facts/outcome.ts';

export interface Concluded {
  readonly id: CheckId;
  readonly outcome: Outcome;
}

export interface Run {
  readonly facts: Facts;
  readonly concluded: readonly Concluded[];
}

export type Checks = Readonly<Record<CheckId, (facts: Facts) => Outcome>>;

export const allChecks: Checks = {
  structure: checkStructure, // BankID's signature profile; nothing but the profile
  digests: checkDigests, // XMLDSig core §3.2.1
  'signature-value': checkSignatureValue, // XMLDSig core §3.2.2
  path: checkPath, // RFC 5280 §6, without validity periods
  algorithms: checkAlgorithms, // the policy's sunsets
  ocsp: checkOcsp, // RFC 6960 §3.2: a genuine answer of the right responder
  certid: checkCertId, // about this certificate
  status: checkStatus, // which is good
  nonce: checkNonce, // given for this signature
  times: checkTimes, // every validity period, at the time that the answer proves
  'order-start': checkOrderStart, // not before the order began
  receipt: checkReceipt, // nor after we received it
  content: checkContent, // the payer saw exactly the text we asked for
  'relying-party': checkRelyingParty, // for us
  signer: checkSigner, // who signs for a consent, and identifies for a login
  payer: checkPayer, // and is the person expected
};

/**
 * Runs every check in order. Later checks run if their input exists, even after a refusal.
 * @param checks always all of them; only tests leave one out, to show that no other check refuses in its place
 */
export function runChecks(given: Given, checks = allChecks): Run {
  const facts: Facts = { ...given };
  const concluded = checkIds.map((id): Concluded => {
    const outcome = checks[id](facts);
    if (outcome.found) Object.assign(facts, outcome.found);
    return { id, outcome };
  });
  return { facts, concluded };
}
