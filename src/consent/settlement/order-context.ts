import type { AnsweredOrder } from '../../bankid-sign/sign-order.ts';
import type { BankPolicy } from '../../payment/bank-policy.ts';
import { parseConsentId, type ConsentId } from '../../kernel/ids.ts';

/** The context that was stored with the order. */
export interface OrderContext {
  readonly consentId: ConsentId;
  readonly attemptId: string;
  readonly language: string;
  readonly template: string;
  /** The bank's, as it was at the press; undefined where it had none. */
  readonly policy: BankPolicy | undefined;
}

export function readContext({ orderId, context }: AnsweredOrder): OrderContext {
  const member = (name: string): string => {
    const value = context[name];
    if (typeof value !== 'string') throw new TypeError(`the context of order ${orderId} lacks the member ${name}`);
    return value;
  };
  return {
    consentId: parseConsentId(member('consentId')),
    attemptId: member('attemptId'),
    language: member('language'),
    template: member('template'),
    // It was sealed with the order, and parsed before.
    policy: context['policy'] as BankPolicy | undefined,
  };
}
