import { algorithmNames, type Bank } from '../../../clients/clients.ts';
import { isSignedWith, parseJws, type Jws } from '../../../crypto/jose/jws.ts';
import { attempt, Malformed } from '../../../crypto/malformed.ts';
import { addMs, MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { checkAttestation, type CreditorNameVerification } from '../../../payment/creditor-name-verification.ts';
import type { PushedPayment } from '../../../payment/initiation.ts';

/** `typ` of a bank's attestation, so that no other JWS of the bank's key passes for one. */
export const ATTESTATION_TYPE = 'creditor-name-verification+jws';

const MAX_AGE_MS = 10 * MINUTE_MS;
/** By how much the clock of bank or TPP may be ahead. */
const FUTURE_TOLERANCE_MS = 30 * SECOND_MS;
const pointer = '/authorization_details/0/creditorNameVerification';

/**
 * The verification of the payee is of this moment, and its attestation is the bank's, of exactly this payee and result.
 * @throws DomainError `initiation.invalid`
 */
export function checkCreditorNameVerification(
  payment: PushedPayment,
  bank: Bank,
  now: Date,
): CreditorNameVerification | undefined {
  const { verification } = payment;
  if (!verification) return undefined;
  const { checkedAt, attestation } = verification;
  if (checkedAt < addMs(now, -MAX_AGE_MS)) refuse('checkedAt', 'The verification is older than 10 minutes.');
  if (checkedAt > addMs(now, FUTURE_TOLERANCE_MS)) refuse('checkedAt', 'This time is in the future.');
  if (attestation !== undefined) checkSignature(attestation, bank);
  checkAttestation(verification, payment.initiation, pointer);
  return verification;
}

/** @see RFC 7515 §5.2, RFC 8725 §3.1, §3.11 */
function checkSignature(attestation: string, bank: Bank): void {
  const jws = attempt(() => parseJws(attestation));
  if (jws instanceof Malformed || !isOfBank(jws, bank))
    refuse('attestation', "This is not signed with a registered key of the consent's bank.");
}

/** The algorithm is the key's, never the header's. */
function isOfBank(jws: Jws, bank: Bank): boolean {
  const { typ, kid, alg } = jws.header;
  const registered = bank.keys.find((candidate) => candidate.kid === kid);
  const isNamed = registered && algorithmNames[registered.algorithm].some((name) => name === alg);
  return isNamed === true && typ === ATTESTATION_TYPE && isSignedWith(jws, registered.algorithm, registered.key);
}

function refuse(member: string, detail: string): never {
  throw new DomainError('initiation.invalid', { pointer: `${pointer}/${member}`, detail });
}
