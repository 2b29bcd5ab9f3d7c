import { base64url256, closedObject, integer, json, oneOf, text, uuid } from '../../openapi/api-answers.ts';
import type { RouteDescription } from '../../openapi/api-description.ts';
import { FORM, formErrors, formOf, keyProof, oauthErrorsOf } from '../oauth/oauth-answers.ts';

const pushed = closedObject({
  title: 'PushedRequest',
  properties: {
    request_uri: text('For /authorize; 300 s, once'),
    expires_in: integer('Seconds'),
    consent_id: uuid,
  },
  examples: [
    {
      request_uri: 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c-eGAJTOeXjK3Wq0A',
      expires_in: 300,
      consent_id: '2b8c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77',
    },
  ],
});

const form = formOf(
  'PushForm',
  {
    response_type: { const: 'code' },
    redirect_uri: text('https, or http on loopback where it is registered'),
    state: { type: 'string', maxLength: 1024 },
    code_challenge: base64url256,
    code_challenge_method: { const: 'S256' },
    authorization_details: text('JSON: an array of one PaymentInitiation (RFC 9396)'),
    resource: text('The bank (RFC 8707)'),
    login_hint: text('personnummer:YYYYMMDDNNNN, of the one person who may sign'),
    scope: {
      ...oneOf('openid', 'consents', 'openid consents', 'consents openid'),
      description: 'openid for an id_token',
    },
    nonce: { type: 'string', maxLength: 1024, description: 'For the id_token' },
    prompt: text('Beside openid: login, consent or both, which the payer is asked for anyway'),
    max_age: text('Beside openid: seconds; the payer signs anew in any case'),
    dpop_jkt: { ...base64url256, description: 'Thumbprint of the key that the code is bound to (RFC 9449 §10)' },
    request: text('Signed request object (RFC 9101); nothing else but client_id and credentials then counts'),
  },
  ['client_id'],
);

export const describePar: RouteDescription = {
  summary: 'A TPP pushes one payment to be consented to (RFC 9126, RFC 9396)',
  headers: {
    DPoP: keyProof,
    'Idempotency-Key': {
      description: 'The same key and parameters within 24 hours: the same consent. Other parameters: 422',
      schema: { type: 'string', minLength: 1, maxLength: 40 },
      optional: true,
    },
  },
  body: { [FORM]: form },
  answers: { 201: json('The consent waits for its payer', pushed), ...formErrors, ...oauthErrorsOf(422) },
};
