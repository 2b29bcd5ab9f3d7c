import type { AnsweredOrder, FinalAnswer } from '../bankid-sign/sign-order.ts';

export type CompleteOrder = AnsweredOrder & { readonly answer: Extract<FinalAnswer, { status: 'complete' }> };
export type FailedOrder = AnsweredOrder & { readonly answer: Extract<FinalAnswer, { status: 'failed' }> };

export function isComplete(order: AnsweredOrder): order is CompleteOrder {
  return order.answer.status === 'complete';
}

export function isFailed(order: AnsweredOrder): order is FailedOrder {
  return order.answer.status === 'failed';
}
