import type { ClientId } from '../kernel/ids.ts';
import { addMs } from '../kernel/clock.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Envelope } from '../vault/envelope.ts';
import { personLimits, windowStart } from './attempt-limits.ts';
import type { FilledLimits, PersonCount } from './person-limits.repository.ts';

const PERSON = 'payer';

/** A plain hash of a personal number could be found by trying all numbers, so the hash is keyed. */
export function personHash(envelope: Envelope, person: PersonalNumber): Buffer {
  return envelope.lookupHash(PERSON, person);
}

/** @throws DomainError `service.key-missing` */
export function isPersonHash(envelope: Envelope, stored: Buffer, person: PersonalNumber): boolean {
  return envelope.isLookupHash(stored, PERSON, person);
}

/** What counts against a person; nothing where the client named none. */
export function personCount(
  envelope: Envelope,
  person: PersonalNumber | undefined,
  clientId: ClientId,
  now: Date,
): PersonCount {
  return {
    // Under every look-up key of the ring, to find what an older key wrote.
    personHashes: person === undefined ? [] : envelope.lookupHashes(PERSON, person),
    clientId,
    failuresSince: windowStart(now, personLimits.failuresWithinMs),
    ordersSince: windowStart(now, personLimits.ordersWithinMs),
  };
}

/** When the last of the limits that are reached allows another order; undefined where none is reached. */
export function pauseOf({ certificateFailures, pairFailures, pairOrders }: FilledLimits): Date | undefined {
  const { failuresWithinMs, ordersWithinMs } = personLimits;
  return latestOf([
    certificateFailures && addMs(certificateFailures, failuresWithinMs),
    pairFailures && addMs(pairFailures, failuresWithinMs),
    pairOrders && addMs(pairOrders, ordersWithinMs),
  ]);
}

export function latestOf(times: readonly (Date | undefined)[]): Date | undefined {
  return times.filter((time) => time !== undefined).toSorted((a, b) => b.getTime() - a.getTime())[0];
}
