import { DomainError } from '../kernel/errors.ts';
import { parseMoney } from '../payment/money.ts';
import type { Bank, Client } from './clients.ts';
import type { CallInitiator } from './payer-ways.ts';
import { checkPhonePayment } from './phone-payment.ts';

const calling = (...initiators: readonly CallInitiator[]): Client =>
  ({ phonePayment: { initiators } }) as unknown as Client;
const either = calling('user', 'RP');
const bank = { rpCallMaxAmounts: { SEK: '500.00' } } as unknown as Bank;
const cautious = {} as Bank;

function check(client: Client, at: Bank | undefined, initiator: CallInitiator, amount: string): string {
  try {
    checkPhonePayment(
      client,
      at,
      initiator,
      parseMoney(amount.slice(-3), amount.slice(0, -4), ''),
      '/authorization_details/0',
    );
    return 'allowed';
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.pointer ?? ''}`;
    throw error;
  }
}

const TOO_MUCH = 'initiation.invalid /authorization_details/0/instructedAmount/amount';

describe('a payment in a phone call', () => {
  it.each<[string, string, Client, Bank | undefined, CallInitiator, string]>([
    ['is allowed in a call of the payer, whatever the bank says', 'allowed', either, cautious, 'user', '9000 SEK'],
    ['is allowed in a call of the payer, of a client without a bank', 'allowed', either, undefined, 'user', '9000 SEK'],
    ['is allowed in a call of the client up to the amount of the bank', 'allowed', either, bank, 'RP', '500.00 SEK'],
    ['is refused above that amount', TOO_MUCH, either, bank, 'RP', '500.01 SEK'],
    ['is refused in a currency without an amount', TOO_MUCH, either, bank, 'RP', '1 EUR'],
    ['is refused at a bank without amounts', TOO_MUCH, either, cautious, 'RP', '0.01 SEK'],
    ['is refused without a bank', TOO_MUCH, either, undefined, 'RP', '0.01 SEK'],
    [
      'is refused to a client not registered to call',
      'oauth.unauthorized-client ',
      calling('user'),
      bank,
      'RP',
      '1 SEK',
    ],
    [
      'is refused to a client not registered to be called',
      'oauth.unauthorized-client ',
      calling('RP'),
      bank,
      'user',
      '1 SEK',
    ],
    [
      'is refused to a client without phone payments',
      'oauth.unauthorized-client ',
      {} as Client,
      bank,
      'user',
      '1 SEK',
    ],
  ])('%s', (_what, outcome, client, at, initiator, amount) => {
    expect(check(client, at, initiator, amount)).toBe(outcome);
  });
});
