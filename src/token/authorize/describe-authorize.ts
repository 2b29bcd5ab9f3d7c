import { page, problemsOf, text } from '../../openapi/api-answers.ts';
import type { AnswerDescription, RouteDescription } from '../../openapi/api-description.ts';
import { FORM } from '../oauth/oauth-answers.ts';

const redirected = (description: string): AnswerDescription => ({
  description,
  headers: { Location: 'Where the browser goes' },
});

const clientId = 'The TPP that pushed';
const requestUri = 'What the push was answered';

const answers = {
  303: redirected('To the page of the payment'),
  400: page('A link that is no longer valid'),
  429: { ...page('Too many visits at once'), headers: { 'Retry-After': 'Seconds' } },
};

export const describeAuthorizeByForm: RouteDescription = {
  summary: 'The same by a form (OpenID Connect Core §3.1.2.1)',
  body: {
    [FORM]: {
      title: 'AuthorizeForm',
      type: 'object',
      required: ['client_id', 'request_uri'],
      properties: { client_id: text(clientId), request_uri: text(requestUri) },
      additionalProperties: true,
    },
  },
  answers: { ...answers, 413: page('More than a form needs'), 415: page('No form') },
};

export const describeAuthorize: RouteDescription = {
  summary: 'From the TPP to our page (RFC 9126 §4)',
  query: {
    client_id: { description: clientId, schema: { type: 'string' } },
    request_uri: { description: requestUri, schema: { type: 'string' } },
  },
  answers,
};

export const describeReturn: RouteDescription = {
  summary: 'From our page to the TPP, in the browser that began',
  description: 'The address that the browser is sent to holds code or error, state and iss (RFC 9207).',
  path: {
    interaction: { description: 'Names the payment', schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' } },
  },
  cookies: { sigill: { description: 'The browser’s secret; __Host-sigill under https', schema: { type: 'string' } } },
  answers: {
    303: redirected('To the TPP'),
    400: page('Handed over already'),
    404: page('Nothing for this browser'),
    409: page('Too late, or not signed yet'),
    ...problemsOf(429),
  },
};
