import { MAX_RENEWING_SECONDS } from '../collector/collect.repository.ts';
import { addMs, SECOND_MS } from '../../kernel/clock.ts';
import type { LatestOrder } from '../order/latest-order.repository.ts';
import { rfaOfFailure, rfaOfPending } from '../order/rfa-code.ts';
import type { OrderFacts } from '../order/sign-order.repository.ts';
import type { Progress } from '../sign-order.ts';

/** How far an order has come, for the person whose it is. */
export function progressOf(order: LatestOrder): Progress {
  const state = stateOf(order);
  const { kind, way, device, platform, hintCode } = order;
  return {
    orderId: order.orderId,
    state,
    kind,
    way,
    device,
    platform,
    hintCode,
    messageCode: messageCodeOf(order, state),
    qr: state === 'pending' && device === 'other' && isUnstarted(hintCode),
    renewableUntil: addMs(order.pressedAt, MAX_RENEWING_SECONDS * SECOND_MS),
    renewals: order.renewal,
    start: order.start,
    scan: order.scan,
    failure: state === 'failed' ? (order.failure ?? 'unknown') : undefined,
  };

  function messageCodeOf({ failure }: OrderFacts, reached: Progress['state']): Progress['messageCode'] {
    if (reached === 'failed') return rfaOfFailure(failure, device);
    return reached === 'complete' ? 'RFA21' : rfaOfPending(hintCode, { device, platform });
  }
}

function stateOf({ state, answerStatus, failure, isStale }: OrderFacts): Progress['state'] {
  if (state === 'requested') return isStale ? 'failed' : 'starting';
  // Complete according to BankID, but its answer cannot be read or settled.
  if (answerStatus === 'complete' && failure !== undefined) return 'failed';
  if (answerStatus !== undefined) return answerStatus;
  return state === 'pending' || state === 'answer-unknown' ? 'pending' : 'failed';
}

/** The BankID app has not been started yet. */
export function isUnstarted(hintCode: string | undefined): boolean {
  return hintCode === undefined || hintCode === 'outstandingTransaction' || hintCode === 'noClient';
}
