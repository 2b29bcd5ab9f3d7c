import type { OrderStart } from '../bankid-sign/sign-order.ts';
import type { Channel } from '../payment/channel.ts';
import { newReturnNonce, withReturnNonce } from './return-nonce.ts';

/** No page of ours takes part. @throws TypeError for an order that is started in another way than was asked for */
export function checkSameWay(channel: Channel, start: OrderStart): void {
  const isSame =
    channel.way === 'phone'
      ? start.way === 'phone' && start.callInitiator === channel.callInitiator
      : start.way === channel.way;
  if (!isSame || start.way === 'browser')
    throw new TypeError(`what was asked for by ${channel.way} cannot be started by ${start.way}`);
}

/** Only an app is returned to. */
export function withNonce(start: OrderStart): { readonly start: OrderStart; readonly nonce: string | undefined } {
  if (start.way !== 'app') return { start, nonce: undefined };
  const nonce = newReturnNonce();
  return { start: { ...start, returnUrl: withReturnNonce(start.returnUrl, nonce) }, nonce };
}
