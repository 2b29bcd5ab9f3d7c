import { isJsonObject } from '../../kernel/json.ts';
import { rateKinds, type Client } from '../clients.ts';
import type { Faults } from './faults.ts';

const MAX_REQUESTS_PER_MINUTE = 1_000_000;

/** `requestsPerMinute`: other limits than the usual ones, e.g. `{"par": 600}`. */
export function parseRates(value: unknown, faults: Faults): Pick<Client, 'requestsPerMinute'> {
  if (value === undefined) return {};
  const object = isJsonObject(value) ? value : {};
  if (!isJsonObject(value)) faults.add('', 'is not an object');
  for (const [kind, limit] of Object.entries(object)) {
    if (!rateKinds.some((known) => known === kind)) faults.add(`/${kind}`, `is none of ${rateKinds.join(', ')}`);
    const isNumber =
      typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_REQUESTS_PER_MINUTE;
    if (!isNumber) faults.add(`/${kind}`, `is not a whole number from 1 to ${MAX_REQUESTS_PER_MINUTE}`);
  }
  return { requestsPerMinute: object };
}
