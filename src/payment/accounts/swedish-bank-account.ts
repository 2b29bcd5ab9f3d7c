import { luhnDigit } from '../../kernel/personal-number.ts';
import { hasLuhnDigit, hasModulus11Digit } from './check-digits.ts';
import { BBAN } from '../limits.ts';

/**
 * How a bank forms its account numbers, in the words of Bankgirot's list:
 * `1-1` seven digits, modulus 11 over them and the clearing number without its first digit; `1-2` the same over the whole
 * clearing number; `2-1` ten digits, modulus 10; `2-2` nine digits, modulus 11; `2-3` ten digits, modulus 10, after a
 * clearing number that has a check digit of its own. `1-?`: we do not know which of the first two it is, and accept either;
 * the check digit then catches nine typing errors of eleven instead of ten, and no valid account is refused.
 */
type Form = '1-1' | '1-2' | '1-?' | '2-1' | '2-2' | '2-3';

const accountDigits: Readonly<Record<Form, number>> = { '1-1': 7, '1-2': 7, '1-?': 7, '2-1': 10, '2-2': 9, '2-3': 10 };

/** First and last clearing number of each series. @see Bankgirot, "Bankernas kontonummer" */
const series: readonly (readonly [number, number, Form])[] = [
  [1100, 2099, '1-1'],
  [2110, 2129, '1-?'],
  [2300, 2399, '1-2'],
  [2400, 2499, '1-1'],
  [3000, 3299, '1-1'],
  [3300, 3300, '2-1'],
  [3301, 3781, '1-1'],
  [3782, 3782, '2-1'],
  [3783, 3999, '1-1'],
  [4000, 4999, '1-2'],
  [5000, 5999, '1-1'],
  [6000, 6999, '2-2'],
  [7000, 7999, '1-1'],
  [8000, 8999, '2-3'],
  [9020, 9029, '1-2'],
  [9040, 9049, '1-2'],
  [9060, 9069, '1-1'],
  [9070, 9079, '1-1'],
  [9090, 9099, '1-2'],
  [9100, 9109, '1-2'],
  [9120, 9124, '1-1'],
  [9130, 9149, '1-1'],
  [9150, 9169, '1-2'],
  [9170, 9179, '1-1'],
  [9180, 9189, '2-1'],
  [9190, 9199, '1-2'],
  [9230, 9239, '1-1'],
  [9250, 9259, '1-1'],
  [9260, 9269, '1-2'],
  [9270, 9289, '1-1'],
  [9300, 9349, '2-1'],
  [9390, 9399, '1-2'],
  [9400, 9449, '1-1'],
  [9460, 9469, '1-1'],
  [9470, 9479, '1-2'],
  [9500, 9549, '2-1'],
  [9550, 9569, '1-2'],
  [9570, 9579, '2-1'],
  [9580, 9589, '1-1'],
  [9590, 9599, '1-2'],
  [9630, 9639, '1-1'],
  [9640, 9649, '1-2'],
  [9650, 9679, '1-2'],
  [9680, 9689, '1-1'],
  [9700, 9719, '1-2'],
  [9750, 9759, '1-2'],
  [9780, 9789, '1-2'],
  [9880, 9889, '1-2'],
  [9890, 9899, '2-1'],
  [9960, 9969, '2-1'],
];

/** Digits of a clearing number that begins with 8 and its check digit. */
const LONG_CLEARING = 5;

/**
 * Clearing number and account number as digits alone: `CCCC` and the account, or `CCCCC` and the account where the series
 * has a check digit of its own (it is inserted when the sender left it out). `undefined` when the clearing number belongs to
 * no bank, the number of digits is not the bank's, or a check digit is wrong. The sender fills short account numbers with
 * zeros; we never guess, because the normal form is what is compared when the payment is consumed.
 */
export function findSwedishBankAccount(value: string): string | undefined {
  if (!BBAN.test(value)) return undefined;
  const digits = value.replaceAll(/\D/g, '');
  const form = findForm(digits);
  return form && find[form](digits, accountDigits[form]);
}

/** What is wrong with a text that {@link findSwedishBankAccount} does not take for an account. */
export function bankAccountFault(value: string): string {
  if (!BBAN.test(value))
    return 'Clearing number and account number have only digits, spaces, commas, points and hyphens.';
  const digits = value.replaceAll(/\D/g, '');
  const form = findForm(digits);
  if (!form) return 'No Swedish bank has this clearing number.';
  const length = accountDigits[form];
  const rest = digits.length - 4;
  if (rest === length || (form === '2-3' && rest === length + 1)) return 'A check digit is wrong.';
  return `After this clearing number, an account number has ${length} digits, zeros at its beginning included.`;
}

/** Splits a normal form into clearing number and account number. */
export function splitSwedishBankAccount(digits: string): { readonly clearing: string; readonly account: string } {
  const length = findForm(digits) === '2-3' ? LONG_CLEARING : 4;
  return { clearing: digits.slice(0, length), account: digits.slice(length) };
}

function findForm(digits: string): Form | undefined {
  const clearing = Number(digits.slice(0, 4));
  return series.find(([first, last]) => clearing >= first && clearing <= last)?.[2];
}

const find: Readonly<Record<Form, (digits: string, length: number) => string | undefined>> = {
  '1-1': (digits, length) => checked(digits, length, () => hasModulus11Digit(digits.slice(1))),
  '1-2': (digits, length) => checked(digits, length, () => hasModulus11Digit(digits)),
  '1-?': (digits, length) => find['1-1'](digits, length) ?? find['1-2'](digits, length),
  '2-1': (digits, length) => checked(digits, length, () => hasLuhnDigit(digits.slice(4))),
  '2-2': (digits, length) => checked(digits, length, () => hasModulus11Digit(digits.slice(4))),
  '2-3': (digits, length) => {
    const whole = digits.length === 4 + length ? withClearingDigit(digits) : digits;
    const isValid = hasLuhnDigit(whole.slice(0, LONG_CLEARING)) && hasLuhnDigit(whole.slice(LONG_CLEARING));
    return whole.length === LONG_CLEARING + length && isValid ? whole : undefined;
  },
};

function checked(digits: string, length: number, isValid: () => boolean): string | undefined {
  return digits.length === 4 + length && isValid() ? digits : undefined;
}

function withClearingDigit(digits: string): string {
  const clearing = digits.slice(0, 4);
  return `${clearing}${luhnDigit(clearing)}${digits.slice(4)}`;
}
