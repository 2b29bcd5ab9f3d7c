import { MAX_WITNESSES, WEB_URI, WITNESS_KEY } from '../members/forms.ts';
import { closed, text, type SchemaObject } from './json-schema.ts';

const witness = closed(
  {
    url: text(WEB_URI, { description: 'Its submission prefix, below which add-checkpoint is.' }),
    key: text(WITNESS_KEY, { description: 'Its verifier key, as the witness publishes it.' }),
  },
  { required: ['url', 'key'] },
);

export const ledger: SchemaObject = closed({
  public: { type: 'boolean', description: 'Everyone who knows the address may read the logs.' },
  witnesses: { type: 'array', minItems: 1, maxItems: MAX_WITNESSES, items: witness },
});
