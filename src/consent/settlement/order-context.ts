import type { AnsweredOrder, FinalAnswer } from '../../bankid-sign/sign-order.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { judge, type BankPolicy, type PolicyOutcome } from '../../payment/bank-policy.ts';
import { BROWSER } from '../../payment/channel.ts';
import type { Consent } from '../consent.ts';
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

export type CompleteOrder = AnsweredOrder & { readonly answer: Extract<FinalAnswer, { status: 'complete' }> };
export type FailedOrder = AnsweredOrder & { readonly answer: Extract<FinalAnswer, { status: 'failed' }> };

export function isComplete(order: AnsweredOrder): order is CompleteOrder {
  return order.answer.status === 'complete';
}

export function isFailed(order: AnsweredOrder): order is FailedOrder {
  return order.answer.status === 'failed';
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

/** What the bank's policy, as it was at the press, says of an answered order; undefined where the bank had none. */
export function policyOutcome(
  order: CompleteOrder,
  { policy }: OrderContext,
  { initiation }: Consent,
): PolicyOutcome | undefined {
  const { risk, bankIdIssueDate, stepUpMrtd } = order.answer.completion;
  const { requirement } = order.signParameters;
  return (
    policy &&
    judge(policy, {
      amount: initiation.instructedAmount,
      way: BROWSER.way,
      demanded: isJsonObject(requirement) ? requirement : {},
      isDocumentRead: stepUpMrtd,
      risk,
      bankIdIssueDate,
      orderedAt: order.orderStartedAt,
    })
  );
}
