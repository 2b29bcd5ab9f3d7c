import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';

/** The longest time for each phase of a consent. */
export const lifetimes = {
  /** From the push to the first POST of a browser: the life of the request_uri. */
  firstPostMs: 300 * SECOND_MS,
  /** From the authorisation to the browser's return; also the five minutes of RTS Art. 4(3)(d). */
  returnMs: 5 * MINUTE_MS,
  /** From the browser's return to the consumption. */
  consumeMs: 15 * MINUTE_MS,
  /** How long an answered order may wait for the browser to return with the nonce. */
  relayGraceMs: 30 * SECOND_MS,
} as const;

const HOUR_MS = 60 * MINUTE_MS;

/**
 * Limits of orders for a person whom a TPP named. Failures are counted since the person last signed.
 * @see RTS (EU) 2018/389 Art. 4(3)(b)
 */
export const payerLimits = {
  /** Failures of the BankID itself (`certificateErr`) after the person was asked for the security code, over all TPPs. */
  certificateFailures: 5,
  /** Failures of any kind after the person was asked for the security code, for one TPP and one person. */
  pairFailures: 5,
  failuresWithinMs: DAY_MS,
  /** Orders of one TPP for one person, however they ended: each may cancel an order that the person has open elsewhere. */
  pairOrders: 20,
  ordersWithinMs: HOUR_MS,
} as const;

/** Limits of one interaction, with or without a named payer. */
export const pressLimits = {
  /** Presses that reached BankID; renewals of a QR code belong to their press. */
  presses: 10,
  /** From a cancel on our page to the next press. */
  afterCancelMs: 3 * SECOND_MS,
} as const;

export function windowStart(now: Date, lengthMs: number): Date {
  return addMs(now, -lengthMs);
}
