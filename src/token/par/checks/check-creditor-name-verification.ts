import { algorithmNames, type Bank } from '../../../clients/clients.ts';
import { claimsOf, isSignedWith, parseJws, type Jws } from '../../../crypto/jose/jws.ts';
import { attempt, Malformed } from '../../../crypto/malformed.ts';
import { addMs, findInstant, MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { accountToJson, parseAccount } from '../../../payment/account.ts';
import type { CreditorNameVerification } from '../../../payment/creditor-name-verification.ts';
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
  if (attestation !== undefined) checkClaims(readClaims(attestation, bank), payment, verification);
  return verification;
}

/** @see RFC 7515 §5.2, RFC 8725 §3.1, §3.11 */
function readClaims(attestation: string, bank: Bank): JsonObject {
  const jws = attempt(() => parseJws(attestation));
  if (jws instanceof Malformed || !isOfBank(jws, bank))
    return refuse('attestation', "This is not signed with a registered key of the consent's bank.");
  const claims = attempt(() => claimsOf(jws));
  return claims instanceof Malformed ? refuse('attestation', 'The payload is not a JSON object.') : claims;
}

/** The algorithm is the key's, never the header's. */
function isOfBank(jws: Jws, bank: Bank): boolean {
  const { typ, kid, alg } = jws.header;
  const registered = bank.keys.find((candidate) => candidate.kid === kid);
  const isNamed = registered && algorithmNames[registered.algorithm].some((name) => name === alg);
  return isNamed === true && typ === ATTESTATION_TYPE && isSignedWith(jws, registered.algorithm, registered.key);
}

function checkClaims(claims: JsonObject, { initiation }: PushedPayment, verification: CreditorNameVerification): void {
  const { result, matchedName, checkedAt } = verification;
  const at = typeof claims['checkedAt'] === 'string' ? findInstant(claims['checkedAt']) : undefined;
  const isSame: Readonly<Record<string, boolean>> = {
    account: isAccount(claims['account'], initiation),
    checkedAt: at?.getTime() === checkedAt.getTime(),
    creditorName: claims['creditorName'] === initiation.creditorName,
    matchedName: claims['matchedName'] === matchedName,
    result: claims['result'] === result,
  };
  const other = Object.keys(claims).find((name) => !Object.hasOwn(isSame, name));
  if (other !== undefined) refuse('attestation', 'The bank has attested more than the verification of a payee.');
  const different = Object.keys(isSame).find((name) => isSame[name] !== true);
  if (different !== undefined) refuse('attestation', `The bank has attested another ${different}.`);
}

function isAccount(value: unknown, { creditorAccount }: PushedPayment['initiation']): boolean {
  try {
    return accountToJson(parseAccount(value, ''))[creditorAccount.kind] === creditorAccount.value;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function refuse(member: string, detail: string): never {
  throw new DomainError('initiation.invalid', { pointer: `${pointer}/${member}`, detail });
}
