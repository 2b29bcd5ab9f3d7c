import { findInstant, formatInstant } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { isJsonObject, parseJsonText, type JsonObject } from '../kernel/json.ts';
import { parseAccount, type Account } from './account.ts';
import { creditorNameLength, isOfLength } from './limits.ts';
import type { PaymentInitiation } from './initiation.ts';
import { checkPermittedCharacters, checkPermittedText } from './permitted-text.ts';
import { fault, findText, memberPointer, readObject, readText } from './members.ts';

export const verificationResults = ['match', 'close-match', 'no-match', 'not-possible'] as const;
export type VerificationResult = (typeof verificationResults)[number];

/** What the verification of the payee said: whether the account belongs to the payee whom the payment names. */
export interface CreditorNameVerification {
  readonly result: VerificationResult;
  /** The account holder's name: of a close match, and of nothing else. */
  readonly matchedName: string | undefined;
  readonly checkedAt: Date;
  /** Compact JWS of the payer's bank over the result; without it the TPP alone says so. */
  readonly attestation: string | undefined;
}

/** A compact JWS of no more than 2,048 characters. */
export const ATTESTATION = /^(?=.{1,2048}$)[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Reads the verification that a TPP pushes with a payment. Who made the attestation, and when, is for the caller to check.
 * @throws DomainError `initiation.invalid`, also for a payment that has no such verification
 * @see Regulation (EU) No 260/2012 Art. 5c, which concerns credit transfers in euro to an IBAN
 */
export function parsePushedVerification(
  value: unknown,
  { instructedAmount, creditorAccount }: PaymentInitiation,
  pointer: string,
): CreditorNameVerification {
  if (instructedAmount.currency !== 'EUR' || creditorAccount.kind !== 'iban')
    return fault(pointer, 'Only a payment in euro to an IBAN has a verification of the payee.');
  return read(value, pointer, checkPermittedText);
}

/** Reads a verification that was signed, or stored with a consent. @throws DomainError `initiation.invalid` */
export function parseSignedVerification(value: unknown, pointer: string): CreditorNameVerification {
  return read(value, pointer, (text, at) => checkPermittedCharacters(text, at, 2));
}

/** Members in the order of RFC 8785. */
export function verificationToJson(verification: CreditorNameVerification): JsonObject {
  const { attestation, checkedAt, matchedName, result } = verification;
  return {
    ...(attestation !== undefined && { attestation }),
    checkedAt: formatInstant(checkedAt),
    ...(matchedName !== undefined && { matchedName }),
    result,
  };
}

/**
 * Whether the payer reads it. That all is well, and whose account it is, counts only from the bank: a fraudulent TPP would write
 * both into the text that protects the payer.
 */
export function isShown({ result, attestation }: CreditorNameVerification): boolean {
  return result !== 'match' || attestation !== undefined;
}

/**
 * What the bank attested is what is stated, of this payee and account, and nothing more. Whose signature it is, and of when, is for
 * the module `clients` to check, which knows the bank's keys.
 * @throws DomainError `initiation.invalid`
 */
export function checkAttestation(
  { result, matchedName, checkedAt, attestation }: CreditorNameVerification,
  { creditorName, creditorAccount }: PaymentInitiation,
  pointer: string,
): void {
  if (attestation === undefined) return;
  const at = memberPointer(pointer, 'attestation');
  const claims = readPayload(attestation, at);
  const isSame: Readonly<Record<string, boolean>> = {
    account: isAccount(claims['account'], creditorAccount),
    checkedAt:
      typeof claims['checkedAt'] === 'string' && findInstant(claims['checkedAt'])?.getTime() === checkedAt.getTime(),
    creditorName: claims['creditorName'] === creditorName,
    matchedName: claims['matchedName'] === matchedName,
    result: claims['result'] === result,
  };
  const other = Object.keys(claims).find((name) => !Object.hasOwn(isSame, name));
  if (other !== undefined) fault(at, 'The bank has attested more than the verification of a payee.');
  const different = Object.keys(isSame).find((name) => isSame[name] !== true);
  if (different !== undefined) fault(at, `The bank has attested another ${different}.`);
}

function readPayload(attestation: string, pointer: string): JsonObject {
  try {
    const payload = parseJsonText(Buffer.from(attestation.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (isJsonObject(payload)) return payload;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return fault(pointer, 'The payload is not a JSON object.');
}

function isAccount(value: unknown, { kind, value: number }: Account): boolean {
  try {
    const account = parseAccount(value, '');
    return account.kind === kind && account.value === number;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function read(
  value: unknown,
  pointer: string,
  checkText: (text: string, at: string) => void,
): CreditorNameVerification {
  const object = readObject(value, ['result', 'matchedName', 'checkedAt', 'attestation'], pointer);
  const result = readResult(object, pointer);
  const checkedAt = findInstant(readText(object, 'checkedAt', pointer));
  const attestation = findText(object, 'attestation', pointer);
  if (attestation !== undefined && !ATTESTATION.test(attestation))
    fault(memberPointer(pointer, 'attestation'), 'This is not a compact JWS of at most 2048 characters.');
  return {
    result,
    matchedName: readMatchedName(object, result, pointer, checkText),
    checkedAt: checkedAt ?? fault(memberPointer(pointer, 'checkedAt'), 'This is not a date and time of RFC 3339.'),
    attestation,
  };
}

function readResult(object: JsonObject, pointer: string): VerificationResult {
  const value = readText(object, 'result', pointer);
  const known = verificationResults.find((result) => result === value);
  return known ?? fault(memberPointer(pointer, 'result'), 'This result is unknown.');
}

function readMatchedName(
  object: JsonObject,
  result: VerificationResult,
  pointer: string,
  checkText: (text: string, at: string) => void,
): string | undefined {
  const at = memberPointer(pointer, 'matchedName');
  const name = findText(object, 'matchedName', pointer);
  if ((name !== undefined) !== (result === 'close-match'))
    fault(at, 'A close match has this member, and no other result.');
  if (name === undefined) return undefined;
  const { min, max } = creditorNameLength;
  if (!isOfLength(name, creditorNameLength)) fault(at, `Between ${min} and ${max} characters are expected here.`);
  checkText(name, at);
  return name;
}
