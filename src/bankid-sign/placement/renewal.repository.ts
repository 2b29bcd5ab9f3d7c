import type { OrderId } from '../../kernel/ids.ts';
import { maybeRow, type Tx } from '../../database/database.ts';
import { bytes, instant, int, optionalText, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { OrderDevice, OrderKind, OrderStart, Platform } from '../sign-order.ts';
import type { RequestedOrder } from '../order/sign-order.repository.ts';

/** The parts of a renewed order that its successor repeats. */
export type RenewableOrder = Omit<RequestedOrder, 'relyingPartyName' | 'requestedAt' | 'renewedFrom'>;

const GET_RENEWABLE = statement(
  'bankid-sign.getRenewable',
  `select id, purpose, order_group, subject, kind, way, device, platform, relying_party, request_sealed, pressed_at, renewal
     from sign_order join sign_order_request on order_id = id where id = $1 and state = 'renewed'`,
);

export async function getRenewable(tx: Tx, orderId: OrderId): Promise<RenewableOrder> {
  const order = await maybeRow(tx, GET_RENEWABLE, [orderId], (row) => ({
    orderId: text(row, 'id') as OrderId,
    purpose: text(row, 'purpose'),
    group: text(row, 'order_group'),
    subject: text(row, 'subject'),
    kind: text(row, 'kind') as OrderKind,
    way: text(row, 'way') as OrderStart['way'],
    device: text(row, 'device') as OrderDevice,
    platform: optionalText(row, 'platform') as Platform | undefined,
    relyingParty: text(row, 'relying_party'),
    requestSealed: bytes(row, 'request_sealed'),
    pressedAt: instant(row, 'pressed_at'),
    renewal: int(row, 'renewal'),
  }));
  if (!order) throw new Error(`order ${orderId} cannot be renewed: it does not exist or is not in the state renewed`);
  return order;
}
