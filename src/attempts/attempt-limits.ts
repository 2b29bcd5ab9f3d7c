import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';

/**
 * Limits of orders for a person whom a client named. Failures are counted since the person last signed.
 * @see RTS (EU) 2018/389 Art. 4(3)(b)
 */
export const personLimits = {
  /** Failures of the BankID itself (`certificateErr`) after the person was asked for the security code, over all clients. */
  certificateFailures: 5,
  /** Failures of any kind after the person was asked for the security code, for one client and one person. */
  pairFailures: 5,
  failuresWithinMs: DAY_MS,
  /** Orders of one client for one person, however they ended: each may cancel an order that the person has open elsewhere. */
  pairOrders: 20,
  ordersWithinMs: 60 * MINUTE_MS,
} as const;

/** Limits of one interaction, with or without a named person. */
export const pressLimits = {
  /** Presses that reached BankID; renewals of a QR code belong to their press. */
  presses: 10,
  /** From a cancel on our page to the next press. */
  afterCancelMs: 3 * SECOND_MS,
} as const;

/** How long an answered order may wait for the browser to return with the nonce. */
export const RELAY_GRACE_MS = 30 * SECOND_MS;

export function windowStart(now: Date, lengthMs: number): Date {
  return addMs(now, -lengthMs);
}
