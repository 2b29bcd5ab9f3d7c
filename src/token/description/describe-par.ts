import { examplePayment } from '../../consent/payment-schema.ts';
import { base64url256, closedObject, integer, json, oneOf, proven, text, uuid } from '../../platform/api-answers.ts';
import type { RouteDescription } from '../../platform/api-description.ts';
import { authenticated, FORM, formErrors, formOf, keyProof, oauthErrorsOf } from './oauth-answers.ts';

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

/** The challenge of RFC 7636, appendix B. */
const parameters = {
  response_type: 'code',
  redirect_uri: 'http://localhost:3003/callback',
  state: 'order-4711',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  resource: 'https://api.exempelbanken.example/payments',
} as const;

const details = (payment: object): { readonly authorization_details: string } => ({
  authorization_details: JSON.stringify([payment]),
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
  examples: {
    pushed: {
      summary: 'A payment to a bankgiro account with an OCR number',
      by: 'tpp',
      headers: proven,
      body: { ...authenticated('exempelbetal'), ...parameters, ...details(examplePayment) },
      status: 201,
    },
    named: {
      summary: 'For one person alone, with an id_token',
      by: 'tpp',
      headers: { ...proven, 'Idempotency-Key': 'order-4711' },
      body: {
        ...authenticated('exempelbetal'),
        ...parameters,
        ...details(examplePayment),
        login_hint: 'personnummer:191212121212',
        scope: 'openid',
        nonce: 'n-0S6_WzA2Mj',
      },
      status: 201,
    },
    signed: {
      summary: 'As a signed request',
      by: 'signingTpp',
      headers: proven,
      body: { ...authenticated('signabetal'), request: '{{request_object}}' },
      status: 201,
    },
    incomplete: {
      summary: 'Without a payee',
      by: 'tpp',
      headers: proven,
      body: {
        ...authenticated('exempelbetal'),
        ...parameters,
        ...details({ ...examplePayment, creditorName: undefined }),
      },
      status: 400,
    },
    unproven: {
      summary: 'Without client authentication',
      by: 'anybody',
      body: { client_id: 'exempelbetal', ...parameters, ...details(examplePayment) },
      status: 401,
    },
    bank: {
      summary: 'By a bank',
      by: 'bank',
      headers: proven,
      body: { ...authenticated('exempelbanken'), ...parameters, ...details(examplePayment) },
      status: 403,
    },
  },
};
