import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { addMs } from '../../kernel/clock.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import type { DataKey, Envelope } from '../../vault/envelope.ts';
import { LOGIN_HINT } from '../consents.ts';
import { payerLimits, windowStart } from '../lifetimes.ts';
import { payerHashes } from '../store/hashes.ts';
import type { FilledLimits, PayerCount } from './press.repository.ts';

/** What counts against a person; nothing where the TPP named none. */
export function payerCount(
  envelope: Envelope,
  payer: PersonalNumber | undefined,
  clientId: ClientId,
  now: Date,
): PayerCount {
  return {
    payerHashes: payer === undefined ? [] : payerHashes(envelope, payer),
    clientId,
    failuresSince: windowStart(now, payerLimits.failuresWithinMs),
    ordersSince: windowStart(now, payerLimits.ordersWithinMs),
  };
}

/** When the last of the limits that are reached allows another order; undefined where none is reached. */
export function pauseOf({ certificateFailures, pairFailures, pairOrders }: FilledLimits): Date | undefined {
  const { failuresWithinMs, ordersWithinMs } = payerLimits;
  return latestOf([
    certificateFailures && addMs(certificateFailures, failuresWithinMs),
    pairFailures && addMs(pairFailures, failuresWithinMs),
    pairOrders && addMs(pairOrders, ordersWithinMs),
  ]);
}

export function latestOf(times: readonly (Date | undefined)[]): Date | undefined {
  return times.filter((time) => time !== undefined).toSorted((a, b) => b.getTime() - a.getTime())[0];
}

/** The person whom the TPP named. @throws when what is stored is not what was sealed */
export function openPayer(key: DataKey, consentId: ConsentId, sealed: Buffer): PersonalNumber {
  const payer = findPersonalNumber(key.open(LOGIN_HINT, consentId, sealed).toString('utf8'));
  if (payer === undefined)
    throw new TypeError(`the stored login hint of consent ${consentId} is not a personal number`);
  return payer;
}
