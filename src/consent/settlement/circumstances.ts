import type { CompleteOrder } from '../../attempts/answered-order.ts';
import { orderCircumstances, type OwnCircumstances } from '../../attempts/order-circumstances.ts';
import { formatInstant } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { channelToJson } from '../../payment/channel.ts';
import { policyToJson, type PolicyOutcome } from '../../payment/bank-policy.ts';
import type { Consent } from '../consent.ts';
import type { OrderContext } from './order-context.ts';

interface ConsentCircumstances extends OwnCircumstances {
  readonly attempts: number;
  /** What the bank's policy said of the order; undefined where the bank had none. */
  readonly bankPolicy: PolicyOutcome | undefined;
}

/** The circumstances of the order, and at which attempt it was and of which consent. */
export function circumstancesOf(
  order: CompleteOrder,
  context: OrderContext,
  consent: Consent,
  ours: ConsentCircumstances,
): JsonObject {
  return {
    channel: channelToJson(consent.channel),
    ...orderCircumstances(order, ours),
    consent: {
      attempts: ours.attempts,
      failedAttempts: consent.failedAttempts,
      language: context.language,
      template: context.template,
      pushedAt: formatInstant(consent.createdAt),
    },
    ...(ours.bankPolicy ? { bankPolicy: policyToJson(ours.bankPolicy) } : {}),
  };
}
