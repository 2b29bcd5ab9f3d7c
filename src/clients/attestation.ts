import { isSignedWith, parseJws, type Jws } from '../crypto/jose/jws.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { addMs, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { checkAttestation, type CreditorNameVerification } from '../payment/creditor-name-verification.ts';
import type { PaymentInitiation } from '../payment/initiation.ts';
import { algorithmNames, type Bank } from './clients.ts';

/** `typ` of a bank's attestation, so that no other JWS of the bank's key passes for one. */
export const ATTESTATION_TYPE = 'creditor-name-verification+jws';

const MAX_AGE_MS = 10 * MINUTE_MS;
/** By how much the clock of bank or TPP may be ahead. */
const FUTURE_TOLERANCE_MS = 30 * SECOND_MS;

/**
 * A verification of the payee was of the moment of the push, and its attestation, if it has one, is signed with a key that the
 * consent's bank has registered now, over exactly this payee and result.
 * @throws DomainError `initiation.invalid`
 */
export function checkVerification(
  verification: CreditorNameVerification,
  initiation: PaymentInitiation,
  bank: Bank | undefined,
  pushedAt: Date,
  pointer: string,
): void {
  const { checkedAt, attestation } = verification;
  const refuse = (member: string, detail: string): never => {
    throw new DomainError('initiation.invalid', { pointer: `${pointer}/${member}`, detail });
  };
  if (checkedAt < addMs(pushedAt, -MAX_AGE_MS)) refuse('checkedAt', 'The verification is older than 10 minutes.');
  if (checkedAt > addMs(pushedAt, FUTURE_TOLERANCE_MS)) refuse('checkedAt', 'This time is in the future.');
  if (attestation !== undefined && !(bank && isSignedByBank(attestation, bank)))
    refuse('attestation', "This is not signed with a registered key of the consent's bank.");
  checkAttestation(verification, initiation, pointer);
}

/** The algorithm is the key's, never the header's. @see RFC 7515 §5.2, RFC 8725 §3.1, §3.11 */
function isSignedByBank(attestation: string, bank: Bank): boolean {
  const jws = attempt(() => parseJws(attestation));
  return !(jws instanceof Malformed) && isOfBank(jws, bank);
}

function isOfBank(jws: Jws, bank: Bank): boolean {
  const { typ, kid, alg } = jws.header;
  const registered = bank.keys.find((candidate) => candidate.kid === kid);
  const isNamed = registered && algorithmNames[registered.algorithm].some((name) => name === alg);
  return isNamed === true && typ === ATTESTATION_TYPE && isSignedWith(jws, registered.algorithm, registered.key);
}
