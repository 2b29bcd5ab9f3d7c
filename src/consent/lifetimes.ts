import { addMs, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';

/** How long each part of a consent's life may take. */
export const lifetimes = {
  /** From the push to the first POST of a browser: the life of the request_uri. */
  firstPostMs: 300 * SECOND_MS,
  /** From the authorisation to the browser's return; also the five minutes of RTS Art. 4(3)(d). */
  returnMs: 5 * MINUTE_MS,
  /** From the browser's return to the consumption. */
  consumeMs: 15 * MINUTE_MS,
  /** How long an answered order may wait for the browser to come back with the nonce. */
  relayGraceMs: 30 * SECOND_MS,
} as const;

const DAY_MS = 24 * 60 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Limits of orders for a person whom a TPP named. Failures are counted since the person last signed.
 * @see RTS (EU) 2018/389 Art. 4(3)(b)
 */
export const payerLimits = {
  /** Failures of the BankID itself (`certificateErr`) after the person was asked for the code: over all TPPs. */
  certificateFailures: 5,
  /** Failures of every kind after the person was asked for the code: of one TPP and one person. */
  pairFailures: 5,
  failuresWithinMs: DAY_MS,
  /** Orders of one TPP for one person, however they ended: each could end an order that the person has open elsewhere. */
  pairOrders: 20,
  ordersWithinMs: HOUR_MS,
} as const;

/** Limits of one interaction, with a named payer or without. */
export const pressLimits = {
  /** Presses of the button that BankID heard of; the renewals of a QR code belong to their press. */
  presses: 10,
  /** From a cancel on our page to the next press. */
  afterCancelMs: 3 * SECOND_MS,
} as const;

export function windowStart(now: Date, lengthMs: number): Date {
  return addMs(now, -lengthMs);
}
