import { closedObject, text } from '../../openapi/api-answers.ts';
import type { AnswerDescription, ParameterDescription, Schema } from '../../openapi/api-description.ts';

export const FORM = 'application/x-www-form-urlencoded';

const errorSchema = closedObject({
  title: 'OAuthError',
  description: 'RFC 6749 §5.2',
  properties: {
    error: {
      enum: [
        'invalid_request',
        'invalid_client',
        'invalid_grant',
        'unauthorized_client',
        'unsupported_grant_type',
        'unsupported_response_type',
        'invalid_scope',
        'invalid_target',
        'invalid_request_uri',
        'invalid_request_object',
        'invalid_authorization_details',
        'invalid_dpop_proof',
        'use_dpop_nonce',
        'temporarily_unavailable',
        'server_error',
      ],
    },
    error_description: text('JSON pointer of the member at fault, then a sentence'),
  },
  optional: ['error_description'],
  examples: [
    { error: 'invalid_client' },
    {
      error: 'invalid_authorization_details',
      error_description: '/authorization_details/0/creditorName: This member is missing.',
    },
  ],
});

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is refused',
  401: 'The client is not authenticated',
  403: 'The endpoint is not for clients of this role',
  405: 'The endpoint takes POST only',
  413: 'The form is too large',
  415: 'The body is not a form',
  422: 'Another payment was pushed under this Idempotency-Key',
  429: 'Too many requests',
  503: 'Service unavailable',
};

/** Answers of these statuses in the form of RFC 6749. */
export function oauthErrorsOf(...statuses: readonly number[]): Readonly<Record<number, AnswerDescription>> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: meanings[status] ?? 'Refused', content: { 'application/json': errorSchema } },
    ]),
  );
}

/** The errors of every endpoint that takes forms. */
export const formErrors = oauthErrorsOf(400, 401, 403, 405, 413, 415, 429, 503);

/** Client authentication in the form (RFC 7523 §2.2); with a certificate only client_id (RFC 8705 §2). */
export const clientMembers: Readonly<Record<string, Schema>> = {
  client_id: text('The client'),
  client_assertion_type: { const: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
  client_assertion: text('A JWT of the client for our issuer; none where the client authenticates by its certificate'),
};

/** A form: more members than these are ignored. */
export function formOf(title: string, members: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { title, type: 'object', required, properties: { ...clientMembers, ...members }, additionalProperties: true };
}

export const keyProof: ParameterDescription = {
  description: 'Proof of the key that a token is to be bound to (RFC 9449 §5); none where it is bound to a certificate',
  schema: { type: 'string' },
  optional: true,
};
