import { findPersonalNumber } from '../kernel/personal-number.ts';
import type { JsonObject } from '../kernel/json.ts';
import { hasLuhnDigit } from './accounts/check-digits.ts';
import { findIban, ibanFault } from './accounts/iban.ts';
import { bankAccountFault, findSwedishBankAccount, splitSwedishBankAccount } from './accounts/swedish-bank-account.ts';
import { BANKGIRO, BANKGIRO_OF_TODAY, PLUSGIRO } from './limits.ts';
import { fault, memberPointer, readObject, readText } from './members.ts';

export const accountKinds = ['iban', 'bban', 'bankgiro', 'plusgiro'] as const;

export type AccountKind = (typeof accountKinds)[number];

/** An account with valid check digits, in normal form: capitals and digits, nothing else. */
export interface Account {
  readonly kind: AccountKind;
  readonly value: string;
}

/**
 * Reads `{"iban"}`, `{"bban"}` (a Swedish clearing number and account number), `{"bankgiro"}` or `{"plusgiro"}` of a payment that
 * is requested now.
 * @param pointer JSON pointer of the object
 * @throws DomainError `initiation.invalid`
 */
export function parseAccount(value: unknown, pointer: string): Account {
  const account = parseSignedAccount(value, pointer);
  // With a leading zero, one bankgiro number could be written in two ways, and 0505-1057 looks different from 505-1057.
  if (account.kind === 'bankgiro' && !BANKGIRO_OF_TODAY.test(account.value)) {
    return fault(memberPointer(pointer, 'bankgiro'), 'A bankgiro number does not begin with zero.');
  }
  return account;
}

/**
 * Reads the account of a payment that was signed, by rules that never change.
 * @throws DomainError `initiation.invalid`
 */
export function parseSignedAccount(value: unknown, pointer: string): Account {
  const object = readObject(value, accountKinds, pointer);
  const [kind, second] = accountKinds.filter((name) => Object.hasOwn(object, name));
  if (kind === undefined) return fault(pointer, 'One of iban, bban, bankgiro and plusgiro is missing.');
  if (second !== undefined) return fault(memberPointer(pointer, second), 'An account has one number only.');
  const normal = findNormalForm[kind](readText(object, kind, pointer));
  return normal === undefined
    ? fault(memberPointer(pointer, kind), faultOf[kind](readText(object, kind, pointer)))
    : { kind, value: normal };
}

/** The wire form, in normal form: `{"bankgiro":"50501055"}`. */
export function accountToJson(account: Account): JsonObject {
  return { [account.kind]: account.value };
}

/** The number as people write it: `SE45 5000 …`, `5050-1055`, `123456-6`, `8327-9, 3922422245`. It never changes. */
export function formatAccountNumber(account: Account): string {
  return formats[account.kind](account.value);
}

const findNormalForm: Readonly<Record<AccountKind, (value: string) => string | undefined>> = {
  iban: findIban,
  bban: findSwedishBankAccount,
  bankgiro: (value) => findGiro(value, BANKGIRO),
  plusgiro: (value) => findGiro(value, PLUSGIRO),
};

/** What is wrong with a number that has no normal form. */
const faultOf: Readonly<Record<AccountKind, (value: string) => string>> = {
  iban: ibanFault,
  bban: bankAccountFault,
  bankgiro: (value) =>
    BANKGIRO.test(value)
      ? 'The check digit of the bankgiro number is wrong.'
      : 'A bankgiro number has seven or eight digits, and a hyphen at most before the last four.',
  plusgiro: (value) =>
    PLUSGIRO.test(value)
      ? 'The check digit of the plusgiro number is wrong.'
      : 'A plusgiro number has two to eight digits, the first of them not zero, and a hyphen at most before the last.',
};

const formats: Readonly<Record<AccountKind, (value: string) => string>> = {
  iban: (value) => value.replaceAll(/(.{4})(?=.)/g, '$1 '),
  bban: formatSwedishBankAccount,
  bankgiro: (value) => `${value.slice(0, -4)}-${value.slice(-4)}`,
  plusgiro: (value) => `${value.slice(0, -1)}-${value.slice(-1)}`,
};

function findGiro(value: string, form: RegExp): string | undefined {
  const digits = value.replaceAll(/\D/g, '');
  return form.test(value) && hasLuhnDigit(digits) ? digits : undefined;
}

function formatSwedishBankAccount(value: string): string {
  const { clearing, account } = splitSwedishBankAccount(value);
  const written = clearing.length === 5 ? `${clearing.slice(0, 4)}-${clearing.slice(4)}` : clearing;
  return `${written}, ${account}`;
}

/**
 * An account number as it is written, with its last four digits masked where it is its holder's personal number, as in a personal
 * number: that of a Nordea personal account (clearing 3300 and 3782; an IBAN of bank 300 has it without the clearing number).
 */
export function maskAccountNumber(account: Account, written: string): string {
  return isOfPerson(account) ? written.replace(/\d(?=(?:\D*\d){0,3}\D*$)/g, '*') : written;
}

/** A text that was signed, with these accounts in it masked in the same way. */
export function maskAccountNumbers(text: string, accounts: readonly (Account | undefined)[]): string {
  return accounts.reduce((masked, account) => {
    const written = account && formatAccountNumber(account);
    return account && written ? masked.replaceAll(written, () => maskAccountNumber(account, written)) : masked;
  }, text);
}

function isOfPerson({ kind, value }: Account): boolean {
  const isNordea = (kind === 'bban' && /^(?:3300|3782)/.test(value)) || (kind === 'iban' && /^SE\d{2}300/.test(value));
  const last = value.slice(-10);
  return isNordea && ['19', '20'].some((century) => findPersonalNumber(century + last) !== undefined);
}
