import { DomainError } from '../kernel/errors.ts';

/** ISO 4217 currencies of the EEA, present and former, and their number of decimals. */
export const currencyDecimals = {
  SEK: 2,
  EUR: 2,
  NOK: 2,
  DKK: 2,
  ISK: 0,
  CHF: 2,
  PLN: 2,
  CZK: 2,
  HUF: 2,
  RON: 2,
  BGN: 2,
} as const satisfies Record<string, number>;

export type Currency = keyof typeof currencyDecimals;

/** An amount of money in minor units of its currency (öre, cent). */
export interface Money {
  readonly currency: Currency;
  readonly amountMinor: bigint;
}

/** Above zero, with at most two decimals, as none of our currencies has more. The decimals of each are checked separately. */
export const AMOUNT = /^(?:[1-9]\d{0,12}(?:\.\d{1,2})?|0\.(?:0[1-9]|[1-9]\d?))$/;

/** As in {@link AMOUNT}: the digits before the point. */
const MAX_WHOLE_DIGITS = 13;
/** What is a number, and perhaps no amount of ours. */
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

export function isCurrency(value: string): value is Currency {
  return Object.hasOwn(currencyDecimals, value);
}

/**
 * Reads `{currency, amount}` as Berlin Group and RFC 9396 §2.2 write it, e.g. `{"currency":"SEK","amount":"1250.00"}`.
 * @param pointer JSON pointer of the object, for the error
 * @throws DomainError `initiation.invalid` for a malformed, zero or negative amount, an unknown currency or too many decimals
 */
export function parseMoney(currency: string, amount: string, pointer: string): Money {
  if (!isCurrency(currency)) {
    throw new DomainError('initiation.invalid', {
      pointer: `${pointer}/currency`,
      detail: 'This is not the code (ISO 4217, in capitals) of a supported currency.',
    });
  }
  const [whole = '', fraction = ''] = amount.split('.');
  const decimals = currencyDecimals[currency];
  if (!AMOUNT.test(amount) || fraction.length > decimals) {
    throw new DomainError('initiation.invalid', {
      pointer: `${pointer}/amount`,
      detail: amountFault(amount, currency),
    });
  }
  const amountMinor = BigInt(`${whole}${fraction.padEnd(decimals, '0')}`);
  return { currency, amountMinor };
}

const ABOVE_ZERO = 'The amount must be above zero.';

function amountFault(amount: string, currency: Currency): string {
  const decimals = currencyDecimals[currency];
  const match = DECIMAL.exec(amount);
  if (!match) return 'The amount is not a decimal number with a point, such as 1250.00.';
  const [, minus, whole = '', fraction = ''] = match;
  if (minus !== '') return ABOVE_ZERO;
  if (/^0\d/.test(whole)) return 'The amount begins with a zero.';
  if (whole.length > MAX_WHOLE_DIGITS)
    return `The amount is too large: it has more than ${MAX_WHOLE_DIGITS} digits before the point.`;
  return fraction.length > decimals ? `${currency} has ${decimals} decimals.` : ABOVE_ZERO;
}

/** The amount with exactly its currency's decimals and a point: `1250.00`. Inverse of {@link parseMoney} up to trailing zeros. */
export function formatAmount(money: Money): string {
  const decimals = currencyDecimals[money.currency];
  const digits = money.amountMinor.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
