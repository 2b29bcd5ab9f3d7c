import { Logger } from '@nestjs/common';
import type { SignOrders } from '../bankid-sign/sign-orders.ts';
import { describeError } from '../operations/describe-error.ts';

const log = new Logger('attempts');

/**
 * Tries to withdraw an order that an ended consent or login may still have open at BankID. It has ended whether BankID answers or not,
 * and a later signature has no effect.
 */
export async function withdrawOrder(orders: SignOrders, group: string): Promise<void> {
  try {
    await orders.cancelOrder(group);
  } catch (error) {
    log.warn({ message: `the open order of ${group} could not be withdrawn`, error: describeError(error) });
  }
}
