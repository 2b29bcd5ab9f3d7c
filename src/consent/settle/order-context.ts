import type { AnsweredOrder, FinalAnswer } from '../../bankid-sign/sign-order.ts';
import { parseConsentId, type ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** What we gave the order on its way, as it comes back with the answer. */
export interface OrderContext {
  readonly consentId: ConsentId;
  readonly attemptId: string;
  readonly language: string;
  readonly template: string;
}

export type CompleteOrder = AnsweredOrder & { readonly answer: Extract<FinalAnswer, { status: 'complete' }> };
export type FailedOrder = AnsweredOrder & { readonly answer: Extract<FinalAnswer, { status: 'failed' }> };

export function isComplete(order: AnsweredOrder): order is CompleteOrder {
  return order.answer.status === 'complete';
}

export function isFailed(order: AnsweredOrder): order is FailedOrder {
  return order.answer.status === 'failed';
}

export function readContext({ context }: AnsweredOrder): OrderContext {
  return {
    consentId: parseConsentId(member(context, 'consentId')),
    attemptId: member(context, 'attemptId'),
    language: member(context, 'language'),
    template: member(context, 'template'),
  };
}

function member(context: JsonObject, name: string): string {
  const value = context[name];
  if (typeof value !== 'string') throw new TypeError(`the order's context lacks ${name}`);
  return value;
}
