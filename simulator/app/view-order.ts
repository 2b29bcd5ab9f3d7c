import type { OrderView } from '../order-view.ts';
import type { Order } from '../orders/order.ts';

export function viewOrder(order: Order): OrderView {
  const { request, state } = order;
  const startedBy = order.startedBy;
  return {
    id: order.orderRef,
    status: state.status,
    hintCode: 'hintCode' in state ? state.hintCode : undefined,
    placedAt: new Date(order.qrEpochMs).toISOString(),
    startedBy,
    function: request.function,
    callInitiator: request.callInitiator,
    requestedBy: order.relyingParty.displayName,
    text: request.visibleData?.toString('utf8') ?? '',
    format: request.visibleDataFormat,
    nonVisibleData: request.nonVisibleData?.toString('base64'),
    endUserIp: request.endUserIp,
    requiredPersonalNumber: request.personalNumber,
    pinCode: request.pinCode,
    asks: state.status === 'pending' ? state.asks : undefined,
    returnUrl: startedBy === 'autostart' ? request.returnUrl : undefined,
    collected: order.collected,
    scenario: order.scenario?.id,
  };
}
