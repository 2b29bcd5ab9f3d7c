/**
 * Limits of the members of a message: one place for the parser that reads them, the class that checks them and the description
 * of the API. Lengths are counted in code points.
 */

export interface Length {
  readonly min: number;
  readonly max: number;
}

export const creditorNameLength: Length = { min: 1, max: 70 };
export const remittanceLength: Length = { min: 1, max: 140 };
export const endToEndLength: Length = { min: 1, max: 35 };
export const executionReasonLength: Length = { min: 1, max: 200 };

/** The last digit is a check digit, which is verified separately. */
export const OCR_REFERENCE = /^\d{2,25}$/;
/** ISO 11649 in its electronic form; the check digits are verified separately. */
export const RF_REFERENCE = /^[Rr][Ff]\d{2}[A-Za-z0-9]{1,21}$/;
/** Of either type. */
export const CREDITOR_REFERENCE = new RegExp(`${OCR_REFERENCE.source}|${RF_REFERENCE.source}`);

/** As people write them; the length by country or bank and the check digits are verified separately. */
export const IBAN = /^[A-Za-z0-9 ]+$/;
export const BBAN = /^\d[\d ,.-]*$/;
/** Seven or eight digits with the hyphen before the last four. */
export const BANKGIRO = /^\d{3,4}-?\d{4}$/;
/** With a leading zero, one number could be written in two ways. */
export const BANKGIRO_OF_TODAY = /^[1-9]\d{2,3}-?\d{4}$/;
/** Two to eight digits with the hyphen before the last. */
export const PLUSGIRO = /^[1-9](?: ?\d){0,6}-?\d$/;

/** 1 to 100 printable ASCII characters, none of the outer ones a space. */
export const PAYMENT_REFERENCE = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;

/** Base64url of 32 bytes. The last character holds four bits; its other two must be zero, or one hash would have four spellings. */
export const SHA256_BASE64URL = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

export function isOfLength(value: string, { min, max }: Length): boolean {
  const length = [...value].length;
  return length >= min && length <= max;
}
