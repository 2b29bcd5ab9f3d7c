import type { ClientId } from '../kernel/ids.ts';
import { addMs } from '../kernel/clock.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Envelope } from '../vault/envelope.ts';
import { personHashes } from '../vault/person-hash.ts';
import { personLimits, windowStart } from './attempt-limits.ts';
import type { FilledLimits, PersonCount } from './person-limits.repository.ts';

/** What counts against a person; nothing where the client named none. */
export function personCount(
  envelope: Envelope,
  person: PersonalNumber | undefined,
  clientId: ClientId,
  now: Date,
): PersonCount {
  return {
    personHashes: person === undefined ? [] : personHashes(envelope, person),
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
