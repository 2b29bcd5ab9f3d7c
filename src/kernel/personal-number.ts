import type { Brand } from './brand.ts';

/** A Swedish personal or coordination number, twelve digits YYYYMMDDNNNN, its check digit verified. */
export type PersonalNumber = Brand<string, 'PersonalNumber'>;

/** YYYYMMDDNNNN; the date and the check digit are checked separately. */
export const PERSONAL_NUMBER = /^(?:18|19|20)\d{10}$/;

/**
 * `undefined` unless `value` is twelve digits with a plausible date and a valid check digit. A coordination number has 60 added to
 * the day; an unknown day of birth is written as 60, an unknown month as 00.
 * @see Skatteverket, SKV 707 (samordningsnummer); folkbokföringslagen (1991:481) 18 §
 */
export function findPersonalNumber(value: string): PersonalNumber | undefined {
  if (!PERSONAL_NUMBER.test(value)) return undefined;
  const month = Number(value.slice(4, 6));
  const day = Number(value.slice(6, 8));
  const isBirthday = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const isCoordination = month <= 12 && day >= 60 && day <= 91;
  if (!isBirthday && !isCoordination) return undefined;
  return luhnDigit(value.slice(2, 11)) === Number(value[11]) ? (value as PersonalNumber) : undefined;
}

/** Whether it is a coordination number, which has 60 added to the day. */
export function isCoordinationNumber(value: PersonalNumber): boolean {
  return Number(value.slice(6, 8)) >= 60;
}

/** `19121212-1212` as `19121212****`: what may be shown where the whole number may not. */
export function maskPersonalNumber(value: string): string {
  return `${value.slice(0, 8)}****`;
}

/** The Luhn (mod 10) check digit of a string of digits. */
export function luhnDigit(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return (10 - (sum % 10)) % 10;
}
