import { Logger } from '@nestjs/common';
import type { SignOrders } from '../../bankid-sign/sign-orders.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { describeError } from '../../operations/describe-error.ts';

const log = new Logger('consent');

/**
 * Tries to withdraw an order that an ended consent may still have open at BankID. The consent has ended whether BankID
 * answers or not, and a later signature authorises nothing.
 */
export async function withdrawOrder(orders: SignOrders, consentId: ConsentId): Promise<void> {
  try {
    await orders.cancelOrder(consentId);
  } catch (error) {
    log.warn({ message: `consent ${consentId}: its order could not be withdrawn`, error: describeError(error) });
  }
}
