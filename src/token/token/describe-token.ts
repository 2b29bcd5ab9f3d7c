import { grantedPaymentSchema } from '../../consent/payment-schema.ts';
import { base64url256, closedObject, integer, json, listOf, oneOf, text, uuid } from '../../openapi/api-answers.ts';
import type { RouteDescription } from '../../openapi/api-description.ts';
import { FORM, formErrors, formOf, keyProof } from '../oauth/oauth-answers.ts';

const token = closedObject({
  title: 'TokenResponse',
  properties: {
    access_token: base64url256,
    token_type: { ...oneOf('DPoP', 'Bearer'), description: 'Bearer: bound to the client’s certificate' },
    expires_in: integer('Seconds, at most 300, and never past the consent'),
    scope: text('Of a token for the client itself'),
    id_token: text('Where openid was pushed'),
    consent_id: uuid,
    evidence_digest: base64url256,
    authorization_details: listOf(grantedPaymentSchema, 'As granted (RFC 9396 §7)'),
  },
  optional: ['scope', 'id_token', 'consent_id', 'evidence_digest', 'authorization_details'],
});

const form = formOf(
  'TokenForm',
  {
    grant_type: oneOf('authorization_code', 'client_credentials'),
    code: text('What the browser brought; 60 s, once'),
    redirect_uri: text('As pushed'),
    code_verifier: { type: 'string', pattern: '^[A-Za-z0-9._~-]{43,128}$' },
    scope: text('Of a token for the client itself: by default all that its role may have'),
  },
  ['grant_type', 'client_id'],
);

export const describeToken: RouteDescription = {
  summary:
    "A code, or a client's own credentials, for an access token bound to its key (RFC 6749 §4.1.3, §4.4; RFC 9449 §5)",
  headers: { DPoP: keyProof },
  body: { [FORM]: form },
  answers: { 200: json('The token', token), ...formErrors },
};
