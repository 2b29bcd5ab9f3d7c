import { isSignedWith, parseJws, type Jws } from '../crypto/jose/jws.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { addMs, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import type { CreditorNameVerification } from '../payment/creditor-name-verification.ts';
import { algorithmNames, type Bank } from './clients.ts';

/** `typ` of a bank's attestation, so that no other JWS of the bank's key passes for one. */
export const ATTESTATION_TYPE = 'creditor-name-verification+jws';

const MAX_AGE_MS = 10 * MINUTE_MS;
/** By how much the clock of bank or TPP may be ahead. */
const FUTURE_TOLERANCE_MS = 30 * SECOND_MS;

/** Why a verification of the payee is not accepted, and of which of its members. */
export interface VerificationFault {
  readonly member: 'attestation' | 'checkedAt';
  readonly detail: string;
}

/**
 * What is wrong with a verification of the payee; undefined if it was of the moment of the push and its attestation, if it has one,
 * is signed with a key that the bank has registered now. Whether the attestation says what is stated, `checkAttestation` compares.
 */
export function findVerificationFault(
  { checkedAt, attestation }: CreditorNameVerification,
  bank: Bank | undefined,
  pushedAt: Date,
): VerificationFault | undefined {
  if (checkedAt < addMs(pushedAt, -MAX_AGE_MS))
    return { member: 'checkedAt', detail: 'The verification is older than 10 minutes.' };
  if (checkedAt > addMs(pushedAt, FUTURE_TOLERANCE_MS))
    return { member: 'checkedAt', detail: 'This time is in the future.' };
  if (attestation === undefined || (bank && isSignedByBank(attestation, bank))) return undefined;
  return { member: 'attestation', detail: "This is not signed with a registered key of the consent's bank." };
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
