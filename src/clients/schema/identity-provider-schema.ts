import { CLAIM_NAME, CLAIM_VALUE, PROVIDER_CLIENT_ID, WEB_URI } from '../members/forms.ts';
import { closed, text, type SchemaObject } from './json-schema.ts';

export const identityProvider: SchemaObject = closed(
  {
    issuer: text(WEB_URI, { description: 'Its issuer identifier, compared as a string.' }),
    clientId: text(PROVIDER_CLIENT_ID, { description: 'As which it knows the command sigill approve.' }),
    approver: {
      ...closed(
        {
          claim: text(CLAIM_NAME, { description: 'A claim of the id_token: a text, or an array of texts.' }),
          value: text(CLAIM_VALUE, { description: 'Which one says that the person may approve.' }),
        },
        { required: ['claim', 'value'] },
      ),
      description: 'Who may approve.',
    },
    unnamedRequester: {
      type: 'boolean',
      default: false,
      description: 'An order need not name the person who orders; approvers must then not have the key of the auditor.',
    },
  },
  { required: ['issuer', 'clientId', 'approver'] },
);
