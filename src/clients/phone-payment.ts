import { DomainError } from '../kernel/errors.ts';
import { parseMoney, type Money } from '../payment/money.ts';
import type { Bank, Client } from './clients.ts';
import type { CallInitiator } from './payer-ways.ts';

/**
 * A client may ask for this payment in a phone call. In a call that the client began, the bank must allow the amount too: a call
 * that asks for a signature is what fraud looks like.
 * @param bank the bank of the payment; without one no such call is allowed
 * @param pointer JSON pointer of the payment, for the error
 * @throws DomainError `oauth.unauthorized-client`, `initiation.invalid`
 */
export function checkPhonePayment(
  client: Client,
  bank: Bank | undefined,
  initiator: CallInitiator,
  amount: Money,
  pointer: string,
): void {
  if (!client.phonePayment?.initiators.includes(initiator)) throw new DomainError('oauth.unauthorized-client');
  if (initiator === 'RP' && amount.amountMinor > maxAmountMinor(bank, amount)) {
    throw new DomainError('initiation.invalid', {
      pointer: `${pointer}/instructedAmount/amount`,
      detail: 'The bank does not allow this amount in a call that the client began.',
    });
  }
}

function maxAmountMinor(bank: Bank | undefined, { currency }: Money): bigint {
  const max = bank?.rpCallMaxAmounts?.[currency];
  return max === undefined ? 0n : parseMoney(currency, max, '').amountMinor;
}
