import { DomainError } from './errors.ts';

/** ISO 4217 currencies of the EEA, of today and of signed payments, and their number of decimals. */
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

/** Bulgaria has the euro since 2026-01-01. What was signed in a former currency stays readable. */
const withdrawn: readonly Currency[] = ['BGN'];

/** The currencies in which a new payment may be asked for. */
export const currenciesOfToday: readonly Currency[] = (Object.keys(currencyDecimals) as Currency[]).filter(
  (currency) => !withdrawn.includes(currency),
);

/** An amount of money in minor units of its currency (öre, cent). */
export interface Money {
  readonly currency: Currency;
  readonly amountMinor: bigint;
}

const AMOUNT = /^(0|[1-9]\d{0,12})(?:\.(\d{1,5}))?$/;

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
      detail: 'The currency is not one of those supported.',
    });
  }
  const match = AMOUNT.exec(amount);
  if (!match) {
    throw new DomainError('initiation.invalid', {
      pointer: `${pointer}/amount`,
      detail: 'The amount is not a decimal number above zero.',
    });
  }
  const decimals = currencyDecimals[currency];
  const fraction = match[2] ?? '';
  if (fraction.length > decimals) {
    throw new DomainError('initiation.invalid', {
      pointer: `${pointer}/amount`,
      detail: `${currency} has ${decimals} decimals.`,
    });
  }
  const amountMinor = BigInt(`${match[1] ?? ''}${fraction.padEnd(decimals, '0')}`);
  if (amountMinor <= 0n) {
    throw new DomainError('initiation.invalid', {
      pointer: `${pointer}/amount`,
      detail: 'The amount must be above zero.',
    });
  }
  return { currency, amountMinor };
}

/**
 * @param pointer JSON pointer of the amount's object
 * @throws DomainError `initiation.invalid` for a currency that is no longer in use
 */
export function checkCurrencyOfToday(money: Money, pointer: string): void {
  if (currenciesOfToday.includes(money.currency)) return;
  throw new DomainError('initiation.invalid', {
    pointer: `${pointer}/currency`,
    detail: 'The currency has been withdrawn.',
  });
}

/** The amount with exactly its currency's decimals and a point: `1250.00`. Inverse of {@link parseMoney} up to trailing zeros. */
export function formatAmount(money: Money): string {
  const decimals = currencyDecimals[money.currency];
  const digits = money.amountMinor.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
