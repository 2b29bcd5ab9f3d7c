import { grantedPaymentSchema } from '../../consent/payment-schema.ts';
import { base64url256, closedObject, integer, listOf, oneOf, text, uuid } from '../../openapi/api-answers.ts';
import type { RouteDescription } from '../../openapi/api-description.ts';
import { FORM, formErrors, formOf } from '../oauth/oauth-answers.ts';

const confirmation = {
  title: 'Confirmation',
  oneOf: [
    closedObject({ properties: { jkt: base64url256 } }),
    closedObject({ properties: { 'x5t#S256': base64url256 } }),
  ],
  examples: [{ jkt: 'ww1O2F-6A_oUYixJhd22KxBK83I-I48xGr2vnb9mgoA' }],
};

const active = closedObject({
  title: 'ActiveToken',
  properties: {
    active: { const: true },
    iss: text('Our issuer'),
    aud: text('The bank’s resource'),
    client_id: text('The TPP'),
    sub: text('Pairwise: the payer, for this TPP'),
    token_type: oneOf('DPoP', 'Bearer'),
    iat: integer('Seconds since 1970'),
    exp: integer('Seconds since 1970'),
    cnf: confirmation,
    acr: { const: 'urn:sigill:acr:bankid-signature' },
    auth_time: integer('When the payer signed'),
    consent_id: uuid,
    authorization_details: listOf(grantedPaymentSchema),
    evidence_digest: base64url256,
    payer: closedObject({ properties: { personalNumber: { type: 'string', pattern: String.raw`^\d{12}$` } } }),
  },
});

const inactive = closedObject({
  title: 'InactiveToken',
  description: 'Unknown, foreign, expired, revoked or consumed',
  properties: { active: { const: false } },
  examples: [{ active: false }],
});

const form = formOf('IntrospectionForm', { token: text('What the TPP showed') }, ['client_id', 'token']);

export const describeIntrospection: RouteDescription = {
  summary: 'A bank asks what a token that it was shown is good for (RFC 7662)',
  description:
    '`Accept: application/token-introspection+jwt` gives a signed answer (RFC 9701), encrypted for a bank that registered a key.',
  body: { [FORM]: form },
  answers: {
    200: {
      description: 'What the token is good for; holds the payer’s personal number',
      content: {
        'application/json': { title: 'Introspection', oneOf: [active, inactive] },
        'application/token-introspection+jwt': { type: 'string', description: 'JWS, or JWE of a JWS' },
      },
      headers: { Vary: 'Accept' },
    },
    ...formErrors,
  },
};

export const describeRevocation: RouteDescription = {
  summary: 'A client gives up a token of its own, and with it the consent (RFC 7009)',
  body: { [FORM]: formOf('RevocationForm', { token: text('The token') }, ['client_id', 'token']) },
  answers: { 200: { description: 'It is dead, if it was this client’s' }, ...formErrors },
};
