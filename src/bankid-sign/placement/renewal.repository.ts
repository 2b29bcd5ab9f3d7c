import type { OrderId } from '../../kernel/ids.ts';
import { maybeRow, type Tx } from '../../database/database.ts';
import { bytes, instant, int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { Device, Platform } from '../sign-order.ts';
import type { RequestedOrder } from '../order/sign-order.repository.ts';

/** The parts of a renewed order that its successor repeats. */
export type RenewableOrder = Omit<RequestedOrder, 'relyingPartyName' | 'requestedAt' | 'renewedFrom'>;

const GET_RENEWABLE = statement(
  'bankid-sign.getRenewable',
  `select id, purpose, order_group, subject, device, platform, request_sealed, pressed_at, renewal
     from sign_order where id = $1 and state = 'renewed'`,
);

export async function getRenewable(tx: Tx, orderId: OrderId): Promise<RenewableOrder> {
  const order = await maybeRow(tx, GET_RENEWABLE, [orderId], (row) => ({
    orderId: text(row, 'id') as OrderId,
    purpose: text(row, 'purpose'),
    group: text(row, 'order_group'),
    subject: text(row, 'subject'),
    device: text(row, 'device') as Device,
    platform: text(row, 'platform') as Platform,
    requestSealed: bytes(row, 'request_sealed'),
    pressedAt: instant(row, 'pressed_at'),
    renewal: int(row, 'renewal'),
  }));
  if (!order) throw new Error(`order ${orderId} cannot be renewed: it does not exist or is not in the state renewed`);
  return order;
}
