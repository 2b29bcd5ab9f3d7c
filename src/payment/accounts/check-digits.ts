import { luhnDigit } from '../../kernel/personal-number.ts';
import { OCR_REFERENCE, RF_REFERENCE } from '../limits.ts';
import { hasModulus97Digits } from './modulus-97.ts';

/** Whether the last of `digits` is the Luhn (modulus 10) check digit of the others. */
export function hasLuhnDigit(digits: string): boolean {
  return luhnDigit(digits.slice(0, -1)) === Number(digits.slice(-1));
}

/** Whether the digits, weighted 1, 2, … 10, 1, 2 … from the right, add up to a multiple of 11. */
export function hasModulus11Digit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => total + Number(digit) * ((index % 10) + 1), 0);
  return sum % 11 === 0;
}

/**
 * An OCR reference of a Swedish invoice: 2 to 25 digits, the last a Luhn digit. The last but one may be a length digit
 * (the number of digits modulo 10). Whether a payee uses one is set out in its agreement with Bankgirot, which we do not
 * know, so a missing length digit is not an error.
 */
export function isOcrReference(value: string): boolean {
  return OCR_REFERENCE.test(value) && hasLuhnDigit(value);
}

/**
 * A creditor reference in capitals: RF, two check digits and 1 to 21 letters and digits. `undefined` if the form or the check
 * digits are wrong.
 * @see ISO 11649, ISO 7064 MOD 97-10
 */
export function findRfReference(value: string): string | undefined {
  const reference = value.toUpperCase();
  return RF_REFERENCE.test(value) && hasModulus97Digits(reference) ? reference : undefined;
}
