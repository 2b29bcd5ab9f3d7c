import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import { findLoginId, type LoginId } from '../../kernel/ids.ts';
import { PURPOSE, type Login } from '../login.ts';

/** The context that was stored with the order. */
export interface OrderContext {
  readonly loginId: LoginId;
  readonly attemptId: string;
  readonly language: string;
  readonly template: string;
  /** Claims and nonce of the login when the order was made. */
  readonly asked: string;
}

/** An order with what belongs to it. */
export interface Settled<Order> {
  readonly order: Order;
  readonly context: OrderContext;
  readonly login: Login;
}

/** @throws TypeError for an order that was not made for a login, whatever its row says: its context is sealed */
export function readContext({ orderId, kind, purpose, group, context }: AnsweredOrder): OrderContext {
  const member = (name: string): string => {
    const value = context[name];
    if (typeof value !== 'string') throw new TypeError(`the context of order ${orderId} lacks the member ${name}`);
    return value;
  };
  const loginId = findLoginId(member('loginId'));
  if (!loginId || loginId !== group || kind !== 'auth' || purpose !== PURPOSE)
    throw new TypeError(`order ${orderId} is not an identification for the login of its group`);
  return {
    loginId,
    attemptId: member('attemptId'),
    language: member('language'),
    template: member('template'),
    asked: member('asked'),
  };
}
