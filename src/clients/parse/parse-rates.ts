import { isJsonObject } from '../../kernel/json.ts';
import { rateKinds, type Client } from '../clients.ts';
import { MAX_REQUESTS_PER_MINUTE } from '../members/forms.ts';
import { escape, type Faults } from './faults.ts';
import { parseWhole } from './parse-words.ts';

const known: ReadonlySet<string> = new Set(rateKinds);

/** `requestsPerMinute`: other limits than the usual ones, e.g. `{"par": 600}`. */
export function parseRates(value: unknown, faults: Faults): Pick<Client, 'requestsPerMinute'> {
  if (value === undefined) return {};
  const object = isJsonObject(value) ? value : {};
  if (!isJsonObject(value)) faults.addForm('', value, `an object with any of ${rateKinds.join(', ')}`);
  faults.addUnknown(object, known);
  for (const [kind, limit] of Object.entries(object)) {
    if (known.has(kind)) parseWhole(limit, { min: 1, max: MAX_REQUESTS_PER_MINUTE }, faults.at(`/${escape(kind)}`));
  }
  return { requestsPerMinute: object };
}
